/**
 * Rates of each interface over the last minute, told from two readings of the helper's counters one after the other: a
 * gap between readings is no rate, and a counter that ran backwards (the interface was made anew) is none either.
 * @module
 */
import type { Status } from '#core/api/contract.ts';

/** Readings that a sparkline shows, one a second. */
export const historyLength = 60;

/** Bytes and packets a second in each direction; null where it was not measured. */
export type Rate = {
  readonly outBytes: number;
  readonly inBytes: number;
  readonly outPackets: number;
  readonly inPackets: number;
};

/** A reading that is later than this after the one before gives no rate. */
const longestGapMs = 5_000;

/** The last minute of one interface, oldest first. */
export type RateHistory = readonly (Rate | null)[];

/** Histories by interface name. */
export type Rates = ReadonlyMap<string, RateHistory>;

/** Add what happened between two readings. */
export function addReading(rates: Rates, before: Status | null, now: Status): Rates {
  const next = new Map<string, RateHistory>();
  for (const { name } of now.interfaces) {
    const history = rates.get(name) ?? [];
    next.set(name, [...history.slice(1 - historyLength), rateOf(name, before, now)]);
  }
  return next;
}

/** The newest rate of `name`; null where it is not known. */
export function currentRate(rates: Rates, name: string): Rate | null {
  return rates.get(name)?.at(-1) ?? null;
}

function rateOf(name: string, before: Status | null, now: Status): Rate | null {
  const then = before?.interfaces.find((link) => link.name === name)?.counters;
  const counters = now.interfaces.find((link) => link.name === name)?.counters;
  const elapsedMs = before === null ? 0 : now.nowMs - before.nowMs;
  if (then === undefined || counters === undefined || elapsedMs <= 0 || elapsedMs > longestGapMs) return null;
  const perSecond = (last: number, first: number): number => ((last - first) * 1000) / elapsedMs;
  const rate = {
    outBytes: perSecond(counters.outputBytes, then.outputBytes),
    inBytes: perSecond(counters.inputBytes, then.inputBytes),
    outPackets: perSecond(counters.outputPackets, then.outputPackets),
    inPackets: perSecond(counters.inputPackets, then.inputPackets),
  };
  return Object.values(rate).every((value) => value >= 0) ? rate : null;
}
