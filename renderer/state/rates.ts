/**
 * Rates of each interface over the last minute, a reading a second. They are told from what the helper's counters had
 * before and have now; while it says that nothing changed they were zero, and what was not watched is not known. A
 * counter that ran backwards (the interface was made anew) gives no rate.
 * @module
 */
import type { Status } from '#core/api/contract.ts';
import { countersByName, rateOf, type Rate } from '#core/api/reading/rate.ts';

/** Readings that a sparkline shows, one a second. */
export const historyLength = 60;

/** The last minute of one interface, oldest first. */
export type RateHistory = readonly (Rate | null)[];

/** What is known of an interface's rates, and until when, by the helper's clock. */
type Known = { readonly untilMs: number; readonly history: RateHistory };

/** Histories of all interfaces. */
export type Rates = {
  /** Until when they are known. */
  readonly untilMs: number;
  /** One that stays at zero stays the same, and may end earlier. */
  readonly known: ReadonlyMap<string, Known>;
};

/** A reading so soon after another (somebody asked at once) belongs to it: too little time for a rate of its own. */
const shortMs = 500;

/** Where nothing was read. */
export const noRates: Rates = { untilMs: 0, known: new Map() };

const zero: Rate = { outBytes: 0, inBytes: 0, outPackets: 0, inPackets: 0 };
const nothing: RateHistory = [];

/** Add what happened between two readings. Until `sinceMs` all was as `before`; null: nobody watched meanwhile. */
export function addReading(rates: Rates, before: Status | null, now: Status, sinceMs: number | null): Rates {
  const fromMs = before === null ? now.nowMs : (sinceMs ?? rates.untilMs);
  const start = countersByName(before);
  const known = new Map<string, Known>();
  for (const { name, counters } of now.interfaces) {
    const last = rates.known.get(name) ?? { untilMs: fromMs, history: nothing };
    const rate = rateOf(start.get(name), counters, now.nowMs - fromMs);
    known.set(name, isZero(rate) && isFlat(last.history) ? last : append(last, rate, fromMs, now.nowMs));
  }
  return { untilMs: now.nowMs, known };
}

/** The last minute of `name`. */
export function historyOf({ known }: Rates, name: string): RateHistory {
  return known.get(name)?.history ?? nothing;
}

/** The newest rate of `name`; null where it is not known. */
export function currentRate(rates: Rates, name: string): Rate | null {
  return historyOf(rates, name).at(-1) ?? null;
}

/** Nothing until `fromMs`, then `rate`. */
function append({ untilMs, history }: Known, rate: Rate | null, fromMs: number, nowMs: number): Known {
  const last = history.at(-1) ?? null;
  if (rate !== null && last !== null && untilMs === fromMs && nowMs - fromMs < shortMs) {
    return { untilMs: nowMs, history: [...history.slice(0, -1), blend(last, rate, nowMs - fromMs)] };
  }
  const quiet = repeat(zero, secondsBetween(untilMs, fromMs));
  const readings = repeat(rate, Math.max(1, secondsBetween(fromMs, nowMs)));
  return { untilMs: nowMs, history: [...history, ...quiet, ...readings].slice(-historyLength) };
}

/** `last`, of a second, with what came in the `milliseconds` after it. */
function blend(last: Rate, rate: Rate, milliseconds: number): Rate {
  const share = milliseconds / (1000 + milliseconds);
  const mix = (one: number, other: number): number => one + (other - one) * share;
  return {
    outBytes: mix(last.outBytes, rate.outBytes),
    inBytes: mix(last.inBytes, rate.inBytes),
    outPackets: mix(last.outPackets, rate.outPackets),
    inPackets: mix(last.inPackets, rate.inPackets),
  };
}

function secondsBetween(fromMs: number, toMs: number): number {
  return Math.min(historyLength, Math.max(0, Math.round((toMs - fromMs) / 1000)));
}

function repeat(rate: Rate | null, count: number): RateHistory {
  return Array.from({ length: count }, () => rate);
}

/** Whether it ends at zero, and nothing was ever counted in it. */
function isFlat(history: RateHistory): boolean {
  return isZero(history.at(-1) ?? null) && history.every((rate) => rate === null || isZero(rate));
}

function isZero(rate: Rate | null): boolean {
  return rate !== null && rate.outBytes === 0 && rate.inBytes === 0;
}
