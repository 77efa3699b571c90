/**
 * Where on a packet's way each drop happens, as the window's picture has it: at the policy, at sealing and opening, on the
 * way between the gateways, at the other end. A reason that the registry gets needs a station here before it compiles.
 * @module
 */
import { dropReasons, type DropReasonName } from '#core/datapath/drop-reason.ts';

/** The stations, as they lie between us and the other end. Nothing that happens at the last is visible from here. */
export const dropStations = ['policy', 'seal', 'way', 'far'] as const;
/** One of `dropStations`. */
export type DropStation = (typeof dropStations)[number];

// prettier-ignore
const stationOf: Readonly<Record<DropReasonName, DropStation>> = {
  ipHeader: 'way', fragment: 'way', truncated: 'way', natKeepalive: 'way', udpShort: 'way', toIke: 'way',
  icmpTaken: 'way', icmpRefused: 'way', icmpForeign: 'way', icmpForged: 'way', tunWrite: 'policy',
  hdrTooShort: 'seal', noSa: 'seal', expiredIn: 'seal', encapsulation: 'seal', seqZero: 'seal', replayOld: 'seal',
  replayDup: 'seal', esnRange: 'seal', lenAlign: 'seal', authFail: 'seal', padLength: 'seal', padBytes: 'seal',
  dummy: 'seal', nextHeader: 'seal',
  innerShort: 'policy', innerVersion: 'policy', innerHeader: 'policy', outerMismatch: 'policy', interfaceDown: 'policy',
  policy: 'policy', ipv6Disabled: 'policy', ecn: 'policy', clearText: 'policy', icmpQuote: 'policy',
  outInnerHeader: 'policy', outNesting: 'policy', outInterfaceDown: 'policy', outNotConfigured: 'policy',
  outIpv6Disabled: 'policy', outOuterAddress: 'policy', outPolicy: 'policy', outRouteLoop: 'policy',
  outNoSa: 'seal', outSeqOverflow: 'seal', outExpired: 'seal', outIvExhausted: 'seal', outSegmentation: 'seal',
  outEngine: 'seal',
  outTooBig: 'way', outSend: 'way',
};

/** What was dropped in one direction at one station: only what is an error, the most frequent reason first. */
export type StationDrops = {
  readonly packets: number;
  readonly reasons: readonly { readonly reason: DropReasonName; readonly label: string; readonly packets: number }[];
};

/** Drops of one direction by station. What is rightly and silently ignored is left out. */
export function dropsByStation(
  drops: readonly { readonly reason: string; readonly packets: number }[],
  direction: 'out' | 'in',
): Readonly<Record<DropStation, StationDrops>> {
  const wanted = direction === 'out' ? 'outbound' : 'inbound';
  const at = (station: DropStation): StationDrops => {
    const reasons = drops
      .flatMap(({ reason, packets }) => (isReason(reason) ? [{ reason, packets, ...dropReasons[reason] }] : []))
      .filter((row) => row.isError && row.direction === wanted && stationOf[row.reason] === station && row.packets > 0)
      .map(({ reason, label, packets }) => ({ reason, label, packets }))
      .toSorted((one, other) => other.packets - one.packets);
    return { packets: reasons.reduce((sum, { packets }) => sum + packets, 0), reasons };
  };
  return { policy: at('policy'), seal: at('seal'), way: at('way'), far: at('far') };
}

function isReason(name: string): name is DropReasonName {
  return Object.hasOwn(dropReasons, name);
}
