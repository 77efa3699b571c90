/**
 * Rates of each interface over the last minute, a reading a second. They are told from what the helper's counters had
 * before and have now; while it says that nothing changed they were zero, and what was not watched is not known. A
 * counter that ran backwards (the interface was made anew) gives no rate.
 * @module
 */
import type { Status } from '#core/api/contract.ts';
import { rateBetween, type Rate } from '#core/api/rate.ts';

/** Readings that a sparkline shows, one a second. */
export const historyLength = 60;

/** The last minute of one interface, oldest first. */
export type RateHistory = readonly (Rate | null)[];

/** Histories of all interfaces. */
export type Rates = {
  /** Until when, by the helper's clock. */
  readonly untilMs: number;
  readonly histories: ReadonlyMap<string, RateHistory>;
};

/** Where nothing was read. */
export const noRates: Rates = { untilMs: 0, histories: new Map() };

const zero: Rate = { outBytes: 0, inBytes: 0, outPackets: 0, inPackets: 0 };
const nothing: RateHistory = [];

/**
 * Add what happened between two readings. Until `sinceMs` all was as `before`; null: nobody watched meanwhile.
 * A history that stays at zero stays the same.
 */
export function addReading(rates: Rates, before: Status | null, now: Status, sinceMs: number | null): Rates {
  const { nowMs } = now;
  const fromMs = sinceMs ?? rates.untilMs;
  const start = before === null ? null : { ...before, nowMs: fromMs };
  const histories = new Map<string, RateHistory>();
  for (const { name } of now.interfaces) {
    const rate = rateBetween(start, now, name);
    const quiet = repeat(zero, before === null ? 0 : secondsBetween(rates.untilMs, fromMs));
    const readings = [...quiet, ...repeat(rate, Math.max(1, before === null ? 1 : secondsBetween(fromMs, nowMs)))];
    histories.set(name, append(rates.histories.get(name) ?? nothing, readings));
  }
  return { untilMs: nowMs, histories };
}

/** The last minute of `name`. */
export function historyOf({ histories }: Rates, name: string): RateHistory {
  return histories.get(name) ?? nothing;
}

/** The newest rate of `name`; null where it is not known. */
export function currentRate(rates: Rates, name: string): Rate | null {
  return historyOf(rates, name).at(-1) ?? null;
}

function secondsBetween(fromMs: number, toMs: number): number {
  return Math.min(historyLength, Math.max(0, Math.round((toMs - fromMs) / 1000)));
}

function repeat(rate: Rate | null, count: number): RateHistory {
  return Array.from({ length: count }, () => rate);
}

function append(history: RateHistory, readings: RateHistory): RateHistory {
  const isFlat = history.length === historyLength && [...history, ...readings].every(isZero);
  return isFlat ? history : [...history, ...readings].slice(-historyLength);
}

function isZero(rate: Rate | null): boolean {
  return rate !== null && rate.outBytes === 0 && rate.inBytes === 0;
}
