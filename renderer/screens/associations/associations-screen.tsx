/**
 * The whole SAD: by tunnel, out over in, filtered by words that can be typed; one association in full beside it.
 * @module
 */
import { useCallback, useMemo, useRef, useState, type ReactElement } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { AssociationStatus } from '#core/api/contract.ts';
import { DataTable, type Line } from '../../components/data-table.tsx';
import { Segments } from '../../components/segments.tsx';
import { filterKeys, parseAssociationFilter } from '../../state/association-filter.ts';
import { groupByTunnel, listAssociations, pairPlace, type AssociationRow } from '../../state/association-row.ts';
import { formatCount } from '../../state/format.ts';
import { useStatusNow } from '../../state/live/now.ts';
import { useSession } from '../../state/session-context.ts';
import { useTunnels } from '../../state/live/use-tunnels.ts';
import { useReplayWindows } from '../../state/use-replay-windows.ts';
import type { Tunnel } from '../../state/tunnel-list.ts';
import { associationColumns } from './association-columns.tsx';
import { AssociationDrawer } from './association-drawer.tsx';
import styles from './associations.module.css';
import { DropStrip } from './drop-strip.tsx';
import { FilterBar } from './filter-bar.tsx';

/** The sheet of all associations. */
export function AssociationsScreen(): ReactElement {
  const { t } = useTranslation();
  const status = useStatusNow();
  const tunnels = useTunnels();
  const [query, setQuery] = useState('');
  const [density, setDensity] = useState<'compact' | 'roomy'>('compact');
  const [opened, setOpened] = useState<string | null>(null);
  const grid = useRef<HTMLTableElement>(null);
  const all = useMemo(() => (status === null ? [] : listAssociations(status, tunnels)), [status, tunnels]);
  const filter = useMemo(() => parseAssociationFilter(query), [query]);
  const nowMs = status?.nowMs ?? 0;
  const isLive = useSession(({ link }) => link.state === 'connected');
  const shown = useMemo(() => all.filter((row) => filter.matches(row, nowMs)), [all, filter, nowMs]);
  const windows = useReplayWindows(shown.flatMap(inboundOf));
  const columns = useMemo(() => associationColumns(t, { nowMs, isLive }, windows), [t, nowMs, isLive, windows]);
  const lines = useCallback(
    (rows: readonly AssociationRow[], isSorted: boolean) => linesOf(rows, isSorted, tunnels, t('associations.unused')),
    [tunnels, t],
  );
  const row = all.find(({ key }) => key === opened);
  const close = (): void => {
    setOpened(null);
    grid.current?.focus();
  };
  return (
    <div className="sheet__split">
      <div className={`sheet__main ${styles.main}`}>
        <header className="sheet__head">
          <h1>{t('sheet.associations')}</h1>
          <Summary all={all} shown={shown} />
          <span className="spacer" />
          <Segments
            label={t('associations.density')}
            value={density}
            options={(['compact', 'roomy'] as const).map((value) => ({ value, label: t(`associations.${value}`) }))}
            onChoose={setDensity}
            isLarge
          />
        </header>
        {status === null ? null : all.length === 0 ? (
          <Empty />
        ) : (
          <>
            <FilterBar all={all} nowMs={nowMs} query={query} onQuery={setQuery} onLeave={() => grid.current?.focus()} />
            {filter.unknown.length > 0 ? (
              <p className={`small ${styles.unknown}`} role="status">
                {t('associations.unknownTerm', { terms: filter.unknown.join(' '), keys: filterKeys.join(', ') })}
              </p>
            ) : null}
            {shown.length === 0 ? (
              <p className="nothing">{t('associations.nothingFound', { query: query.trim() })}</p>
            ) : (
              <DataTable
                label={t('sheet.associations')}
                columns={columns}
                rows={shown}
                lines={lines}
                selected={opened}
                onOpen={setOpened}
                density={density}
                gridRef={grid}
              />
            )}
            <DropStrip />
          </>
        )}
      </div>
      {row === undefined ? null : <AssociationDrawer key={row.key} row={row} onClose={close} />}
    </div>
  );
}

function inboundOf({ association, direction }: AssociationRow): readonly AssociationStatus[] {
  return association === null || direction === 'out' ? [] : [association];
}

function Summary(props: {
  readonly all: readonly AssociationRow[];
  readonly shown: readonly AssociationRow[];
}): ReactElement | null {
  const { t } = useTranslation();
  const { all, shown } = props;
  if (all.length === 0) return null;
  const tunnels = new Set(all.flatMap(({ interfaceName }) => (interfaceName === null ? [] : [interfaceName]))).size;
  return (
    <p className="small summary">
      {shown.length === all.length
        ? t('associations.summary', { count: tunnels, number: formatCount(all.length) })
        : t('associations.shown', { shown: formatCount(shown.length), count: formatCount(all.length) })}
    </p>
  );
}

function Empty(): ReactElement {
  const { t } = useTranslation();
  return (
    <div className="blank">
      <h2>{t('associations.empty.title')}</h2>
      <p>{t('associations.empty.say')}</p>
      <Link className="button" href="/wizard">
        {t('associations.empty.new')}
      </Link>
    </div>
  );
}

/** Groups stay when rows are sorted within them; the brackets of pairs do not. */
function linesOf(
  rows: readonly AssociationRow[],
  isSorted: boolean,
  tunnels: readonly Tunnel[],
  unused: string,
): readonly Line<AssociationRow>[] {
  return groupByTunnel(rows, tunnels).flatMap((group): Line<AssociationRow>[] => [
    {
      kind: 'head',
      key: `group-${group.key}`,
      content: (
        <span className={styles.group}>
          <b>{group.tunnel ?? unused}</b>
          {group.tunnel === group.interfaceName ? null : <span className="note">{group.interfaceName}</span>}
          {group.ends === null ? null : (
            <span className={`bits ${styles.ends}`}>
              {group.ends.local} – {group.ends.peer}
            </span>
          )}
        </span>
      ),
    },
    ...group.rows.map((row, index): Line<AssociationRow> => {
      const place = isSorted ? null : pairPlace(row, group.rows[index - 1], group.rows[index + 1]);
      return { kind: 'row', key: row.key, row, tone: place === null ? '' : (styles[place] ?? '') };
    }),
  ]);
}
