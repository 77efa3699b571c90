/**
 * The whole SPD, in the order in which packets meet it, in setkey's words; one policy in full beside it.
 * @module
 */
import type { TFunction } from 'i18next';
import { useCallback, useMemo, useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { DataTable, type Column, type Line } from '../../components/data-table.tsx';
import { Icon } from '../../components/icon.tsx';
import { SearchBox } from '../../components/search-box.tsx';
import { formatCount, none } from '../../state/format.ts';
import { listPolicies, matchesPolicyQuery, type PolicyRow } from '../../state/policy-row.ts';
import { useSession } from '../../state/session-context.ts';
import styles from './policies.module.css';
import { PolicyDrawer } from './policy-drawer.tsx';

/** The sheet of all policies. */
export function PoliciesScreen(): ReactElement {
  const { t } = useTranslation();
  const status = useSession((session) => session.status);
  const [query, setQuery] = useState('');
  const [opened, setOpened] = useState<string | null>(null);
  const grid = useRef<HTMLTableElement>(null);
  const all = useMemo(() => (status === null ? [] : listPolicies(status)), [status]);
  const shown = useMemo(() => all.filter((row) => matchesPolicyQuery(row, query)), [all, query]);
  const columns = useMemo(() => policyColumns(t), [t]);
  const lines = useCallback((rows: readonly PolicyRow[]) => linesOf(rows, t), [t]);
  const row = all.find(({ key }) => key === opened);
  return (
    <div className="sheet__split">
      <div className="sheet__main">
        <header className="sheet__head">
          <h1>{t('sheet.policies')}</h1>
          {all.length === 0 ? null : (
            <p className="small summary">
              {shown.length === all.length
                ? t('policies.summary', { count: formatCount(all.length) })
                : t('policies.shown', { shown: formatCount(shown.length), count: formatCount(all.length) })}
            </p>
          )}
          <span className="spacer" />
          <SearchBox
            label={t('policies.search')}
            placeholder={t('policies.placeholder')}
            value={query}
            onChange={setQuery}
            onLeave={() => grid.current?.focus()}
          />
        </header>
        {status !== null && all.length === 0 ? (
          <div className="blank">
            <h2>{t('policies.empty.title')}</h2>
            <p>{t('policies.empty.say')}</p>
          </div>
        ) : all.length > 0 && shown.length === 0 ? (
          <p className="nothing">{t('policies.nothingFound', { query: query.trim() })}</p>
        ) : (
          <DataTable
            label={t('sheet.policies')}
            columns={columns}
            rows={shown}
            lines={lines}
            selected={opened}
            onOpen={setOpened}
            gridRef={grid}
          />
        )}
      </div>
      {row === undefined ? null : (
        <PolicyDrawer
          key={row.key}
          row={row}
          onClose={() => {
            setOpened(null);
            grid.current?.focus();
          }}
        />
      )}
    </div>
  );
}

function linesOf(rows: readonly PolicyRow[], t: TFunction): readonly Line<PolicyRow>[] {
  return (['out', 'in'] as const).flatMap((direction): Line<PolicyRow>[] => {
    const own = rows.filter(({ policy }) => policy.direction === direction);
    if (own.length === 0) return [];
    const content = (
      <span className={styles.group}>
        <Icon name={direction === 'out' ? 'to' : 'from'} />
        <b>{t(`policies.${direction}`)}</b>
        <span className="note">{t(`policies.${direction}Say`)}</span>
      </span>
    );
    return [
      { kind: 'head', key: direction, content },
      ...own.map((row): Line<PolicyRow> => ({ kind: 'row', key: row.key, row })),
    ];
  });
}

const actionTones = { protect: 'is-flow', bypass: '', discard: 'is-strong' } as const;

function policyColumns(t: TFunction): readonly Column<PolicyRow>[] {
  const head = (id: string): string => t(`policies.head.${id}`);
  const bits = (text: string): ReactElement => <span className="bits">{text === '' ? none : text}</span>;
  return [
    {
      id: 'place',
      label: head('place'),
      width: 40,
      isNumber: true,
      order: ({ place }) => place,
      cell: ({ place }) => place,
    },
    {
      id: 'action',
      label: head('action'),
      width: 72,
      order: ({ action }) => action,
      cell: ({ action, policy }) => <span title={t(`policies.action.${policy.action}`)}>{bits(action)}</span>,
      tone: ({ policy }) => actionTones[policy.action],
    },
    { id: 'source', label: head('source'), order: ({ source }) => source, cell: ({ source }) => bits(source) },
    {
      id: 'destination',
      label: head('destination'),
      order: ({ destination }) => destination,
      cell: ({ destination }) => bits(destination),
    },
    { id: 'upper', label: head('upper'), width: 80, order: ({ upper }) => upper, cell: ({ upper }) => bits(upper) },
    { id: 'request', label: head('request'), width: 232, hidesBelow: 800, cell: ({ request }) => bits(request) },
    {
      id: 'origin',
      label: head('origin'),
      width: 96,
      order: ({ interfaceName }) => interfaceName ?? '',
      cell: originCell(t),
    },
    {
      id: 'spid',
      label: head('spid'),
      width: 48,
      isNumber: true,
      hidesBelow: 620,
      order: ({ policy }) => policy.spid,
      cell: ({ policy }) => policy.spid,
    },
  ];
}

function originCell(t: TFunction): (row: PolicyRow) => ReactElement {
  return function Origin({ policy, interfaceName }) {
    if (policy.origin === 'user') return <span>{t('policies.byHand')}</span>;
    const name = interfaceName ?? t('policies.interfaceUnknown');
    return (
      <span className={styles.origin} title={t('policies.byInterface', { name })}>
        <Icon name="lock" />
        <span className="bits">{name}</span>
      </span>
    );
  };
}
