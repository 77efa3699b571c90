/**
 * The readings of the data band: what was dropped where, in each direction, of how many packets.
 * @module
 */
import type { TFunction } from 'i18next';
import type { AssociationStatus } from '#core/api/contract.ts';
import { dropsByStation, dropStations, type StationDrops } from '#core/api/reading/drop-station.ts';
import type { BandCell, BandStation } from '../../drawing/hero/scene.ts';
import { formatCount, none } from '../../state/format.ts';
import type { Tunnel } from '../../state/tunnel-list.ts';
import { missingPackets } from './tunnel-facts.ts';

/** The four stations. Without an interface nothing is counted, and nothing is said to be 0. */
export function tellStations(tunnel: Tunnel, own: readonly AssociationStatus[], t: TFunction): readonly BandStation[] {
  const link = tunnel.interface;
  const out = dropsByStation(link?.drops ?? [], 'out');
  const into = dropsByStation(link?.drops ?? [], 'in');
  const sum = (drops: typeof out): number => dropStations.reduce((total, station) => total + drops[station].packets, 0);
  const unseen: BandCell = { value: t('tunnel.hero.unseen'), note: null, tone: 'unseen' };
  const dash: BandCell = { value: none, note: null, tone: 'plain' };
  const cell = (drops: StationDrops, of: number): BandCell => (link === null ? dash : dropCell(drops, of, t));
  const sent = (link?.counters.outputPackets ?? 0) + sum(out);
  const heard = (link?.counters.inputPackets ?? 0) + sum(into);
  const station = (id: (typeof dropStations)[number], outCell: BandCell, inCell: BandCell): BandStation => ({
    id,
    title: t(`tunnel.station.${id}`),
    out: outCell,
    in: inCell,
  });
  return [
    station('policy', cell(out.policy, sent), cell(into.policy, heard)),
    station('seal', cell(out.seal, sent), cell(into.seal, heard)),
    station('way', wayOut(out.way, t, unseen), wayIn(into.way, tunnel, own, t, unseen)),
    station('far', unseen, unseen),
  ];
}

function dropCell({ packets, reasons }: StationDrops, of: number, t: TFunction): BandCell {
  if (packets === 0) return { value: '0', note: t('tunnel.hero.of', { packets: formatCount(of) }), tone: 'plain' };
  return {
    value: t('tunnel.hero.dropped', { packets: formatCount(packets) }),
    note:
      reasons.length === 1
        ? (reasons[0]?.label ?? null)
        : reasons.map((one) => `${formatCount(one.packets)} ${one.label}`).join(', '),
    tone: 'fault',
  };
}

/** What the other end did not get we cannot see; what never left we can. */
function wayOut(drops: StationDrops, t: TFunction, unseen: BandCell): BandCell {
  return drops.packets === 0 ? unseen : dropCell(drops, 0, t);
}

function wayIn(
  drops: StationDrops,
  tunnel: Tunnel,
  own: readonly AssociationStatus[],
  t: TFunction,
  unseen: BandCell,
): BandCell {
  if (drops.packets > 0) return dropCell(drops, 0, t);
  const gaps = missingPackets(tunnel, own);
  if (gaps === null) return unseen;
  const share = gaps.of === 0 ? 0 : (100 * gaps.missing) / gaps.of;
  const value =
    gaps.missing === 0
      ? t('tunnel.hero.noneMissing')
      : t('tunnel.hero.missing', {
          packets: formatCount(gaps.missing),
          share: formatShare(share),
        });
  return { value, note: t('tunnel.hero.gaps'), tone: 'plain' };
}

/** At most two figures, as in 0.0019, 2.5 and 31. */
function formatShare(percent: number): string {
  if (percent < 0.001) return '< 0.001';
  return percent >= 10 ? String(Math.round(percent)) : String(Number(percent.toPrecision(2)));
}
