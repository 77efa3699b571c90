/**
 * Rates of each interface over the last minute, told from two readings of the helper's counters one after the other: a
 * gap between readings is no rate, and a counter that ran backwards (the interface was made anew) is none either.
 * @module
 */
import type { Status } from '#core/api/contract.ts';
import { rateBetween, type Rate } from '#core/api/rate.ts';

/** Readings that a sparkline shows, one a second. */
export const historyLength = 60;

/** The last minute of one interface, oldest first. */
export type RateHistory = readonly (Rate | null)[];

/** Histories by interface name. */
export type Rates = ReadonlyMap<string, RateHistory>;

/** Add what happened between two readings. */
export function addReading(rates: Rates, before: Status | null, now: Status): Rates {
  const next = new Map<string, RateHistory>();
  for (const { name } of now.interfaces) {
    const history = rates.get(name) ?? [];
    next.set(name, [...history.slice(1 - historyLength), rateBetween(before, now, name)]);
  }
  return next;
}

/** The newest rate of `name`; null where it is not known. */
export function currentRate(rates: Rates, name: string): Rate | null {
  return rates.get(name)?.at(-1) ?? null;
}
