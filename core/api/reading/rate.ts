/**
 * How fast an interface carries packets, told from two readings of the helper's counters one after the other: a gap
 * between readings is no rate, and a counter that ran backwards (the interface was made anew) is none either.
 * @module
 */
import type { InterfaceStatus, Status } from '../contract.ts';

/** What an interface has counted. */
export type Counters = InterfaceStatus['counters'];

/** Bytes and packets a second in each direction. */
export type Rate = {
  readonly outBytes: number;
  readonly inBytes: number;
  readonly outPackets: number;
  readonly inPackets: number;
};

/** A reading that is later than this after the one before gives no rate, unless told otherwise. */
const longestGapMs = 5_000;

/** The rate of interface `name` between two readings; null where it was not measured. */
export function rateBetween(before: Status | null, now: Status, name: string, gapMs = longestGapMs): Rate | null {
  const countersIn = ({ interfaces }: Status): Counters | undefined =>
    interfaces.find((link) => link.name === name)?.counters;
  return before === null ? null : rateOf(countersIn(before), countersIn(now), now.nowMs - before.nowMs, gapMs);
}

/** The rate that two readings `elapsedMs` apart tell; null where there is no rate. */
export function rateOf(
  then: Counters | undefined,
  counters: Counters | undefined,
  elapsedMs: number,
  gapMs = longestGapMs,
): Rate | null {
  if (then === undefined || counters === undefined || elapsedMs <= 0 || elapsedMs > gapMs) return null;
  const perSecond = (last: number, first: number): number => ((last - first) * 1000) / elapsedMs;
  const rate = {
    outBytes: perSecond(counters.outputBytes, then.outputBytes),
    inBytes: perSecond(counters.inputBytes, then.inputBytes),
    outPackets: perSecond(counters.outputPackets, then.outputPackets),
    inPackets: perSecond(counters.inputPackets, then.inputPackets),
  };
  return Object.values(rate).every((value) => value >= 0) ? rate : null;
}

/** What each interface of a status has counted, by its name: for who asks for all of them. */
export function countersByName(status: Status | null): ReadonlyMap<string, Counters> {
  return new Map(status?.interfaces.map(({ name, counters }) => [name, counters]));
}

/** 38.6 Mb/s or 4.83 MB/s, of bytes a second. */
export function formatRate(bytesPerSecond: number, units: 'bits' | 'bytes'): string {
  const value = units === 'bits' ? bytesPerSecond * 8 : bytesPerSecond;
  return `${withPrefix(value, ['', 'k', 'M', 'G', 'T'])}${units === 'bits' ? 'b/s' : 'B/s'}`;
}

/** `value` in at most three figures with one of `prefixes`, each a thousand times the one before. */
export function withPrefix(value: number, prefixes: readonly string[]): string {
  let scaled = value;
  let index = 0;
  while (scaled >= 999.5 && index < prefixes.length - 1) {
    scaled /= 1000;
    index += 1;
  }
  const digits = scaled >= 99.95 || Number.isInteger(scaled) ? 0 : scaled >= 9.995 ? 1 : 2;
  return `${scaled.toFixed(digits)} ${prefixes[index] ?? ''}`;
}
