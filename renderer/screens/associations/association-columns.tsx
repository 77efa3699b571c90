/**
 * The columns of the associations. A dash stands where nothing was measured or nothing applies; a zero was counted.
 * @module
 */
import { formatSpi } from '#core/base/spi-text.ts';
import type { TFunction } from 'i18next';
import { type ReactElement } from 'react';
import { Icon } from '../../components/icon.tsx';
import type { Column } from '../../components/data-table.tsx';
import { ReplayStrip } from '../../drawing/replay-window.tsx';
import type { ReplayPicture } from '../../state/replay-picture.ts';
import { LifetimeRing } from '../../drawing/lifetime-ring.tsx';
import type { AssociationRow } from '../../state/association-row.ts';
import { formatBytes, formatClock, formatCount, formatRough, none } from '../../state/format.ts';

/** A time of the helper's clock, and whether it goes on. */
export type Moment = { readonly nowMs: number; readonly isLive: boolean };

/** All columns, at `moment`; `windows` are the replay windows that are known. */
export function associationColumns(
  t: TFunction,
  moment: Moment,
  windows: ReadonlyMap<number, ReplayPicture>,
): readonly Column<AssociationRow>[] {
  const head = (id: string): string => t(`associations.head.${id}`);
  const count = (value: number | null): string => (value === null ? none : formatCount(value));
  return [
    { id: 'dir', label: head('dir'), width: 64, order: ({ direction }) => direction ?? '~', cell: directionCell(t) },
    {
      id: 'spi',
      label: head('spi'),
      width: 88,
      order: ({ spi }) => spi,
      cell: ({ spi }) => <span className="bits">{formatSpi(spi)}</span>,
    },
    {
      id: 'state',
      label: head('state'),
      width: 56,
      order: ({ state }) => state,
      cell: ({ state }) => <span title={t(`associations.state.${state}`)}>{state}</span>,
      tone: ({ state }) => stateTones[state],
    },
    { id: 'inner', label: head('inner'), width: 44, hidesBelow: 760, cell: innerCell(t) },
    { id: 'suite', label: head('suite'), order: ({ suite }) => suite ?? '', cell: ({ suite }) => suite ?? none },
    {
      id: 'sequence',
      label: head('sequence'),
      width: 80,
      isNumber: true,
      hidesBelow: 960,
      order: ({ sequence }) => sequence ?? -1,
      cell: ({ sequence }) => count(sequence),
    },
    {
      id: 'window',
      label: head('window'),
      width: 112,
      hidesBelow: 880,
      order: ({ windowPackets }) => windowPackets ?? -1,
      cell: ({ windowPackets, association }) => {
        const picture = windows.get(association?.id ?? -1);
        if (picture !== undefined) return <ReplayStrip picture={picture} />;
        return windowPackets === 0 ? t('associations.windowOff') : count(windowPackets);
      },
      tone: ({ windowPackets }) => (windowPackets === null || windowPackets === 0 ? 'is-none' : ''),
    },
    {
      id: 'life',
      label: head('life'),
      width: 44,
      hidesBelow: 740,
      cell: ({ life }) => (life === null ? none : <LifetimeRing life={life} size={22} />),
    },
    {
      id: 'ends',
      label: head('ends'),
      width: 60,
      isNumber: true,
      order: ({ endsMs }) => endsMs ?? Number.MAX_SAFE_INTEGER,
      cell: ({ endsMs, association }) =>
        endsMs === null ? (association === null ? none : t('associations.noEnd')) : formatRough(endsMs - moment.nowMs),
      tone: ({ endsMs }) => (endsMs === null ? 'is-none' : ''),
    },
    {
      id: 'packets',
      label: head('packets'),
      width: 80,
      isNumber: true,
      order: ({ packets }) => packets ?? -1,
      cell: ({ packets }) => count(packets),
    },
    {
      id: 'bytes',
      label: head('bytes'),
      width: 68,
      isNumber: true,
      hidesBelow: 640,
      order: ({ bytes }) => bytes ?? -1,
      cell: ({ bytes }) => (bytes === null ? none : formatBytes(bytes)),
    },
    {
      id: 'used',
      label: head('used'),
      width: 60,
      isNumber: true,
      hidesBelow: 700,
      order: ({ lastUsedMs }) => -(lastUsedMs ?? -1),
      cell: ({ lastUsedMs }) => usedText(t, lastUsedMs, moment),
    },
    {
      id: 'drops',
      label: head('drops'),
      width: 52,
      isNumber: true,
      order: ({ drops }) => drops ?? -1,
      cell: ({ drops }) => count(drops),
      tone: ({ drops }) => (drops === null || drops === 0 ? 'is-none' : 'is-fault'),
    },
  ];
}

/** How long ago it was used, or never; while the helper is away, when. */
function usedText(t: TFunction, lastUsedMs: number | null, { nowMs, isLive }: Moment): string {
  if (lastUsedMs === null) return none;
  if (lastUsedMs === 0) return t('associations.never');
  return isLive ? formatRough(nowMs - lastUsedMs) : formatClock(lastUsedMs);
}

const stateTones: Readonly<Record<AssociationRow['state'], string>> = {
  larval: 'is-attention',
  mature: '',
  dying: 'is-attention',
  dead: 'is-fault',
};

function directionCell(t: TFunction): (row: AssociationRow) => ReactElement {
  return function Direction({ direction }) {
    if (direction === null) return <span className="is-none">{none}</span>;
    return (
      <span className="dir">
        <Icon name={direction === 'out' ? 'to' : 'from'} />
        {t(`associations.${direction}`)}
      </span>
    );
  };
}

function innerCell(t: TFunction): (row: AssociationRow) => string {
  return ({ inner }) => (inner === null ? none : inner === 'both' ? t('associations.both') : inner);
}
