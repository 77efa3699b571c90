/**
 * The history of every interface's traffic: 15 minutes in seconds, 24 hours in minutes. Counters are read once a second
 * and their differences kept as rates; a second in which nobody read them, for the machine slept or the helper stood
 * still, is a gap and no zero. While no packet passes they may be read less often: those seconds are zeros.
 *
 * An interface that has never carried a packet costs a few numbers. One that has costs two rings, 46,800 bytes: a
 * thousand of them 45 MiB, and the 4095 that there can be 183 MiB.
 * @module
 */
import { InterfaceCell, type Counters } from '#core/datapath/counters.ts';
import { dropReasons } from '#core/datapath/drop-reason.ts';
import type { Device } from '#core/tunnel/compile-snapshot.ts';
import { historySpanRows, type HistorySpan } from './history-span.ts';
import { CountedSteps, trafficColumns, TrafficRing, type TrafficColumn } from './traffic-ring.ts';

/** A step: rates per second; all null where nobody counted. */
export type HistoryPoint = { atMs: number } & { [Column in TrafficColumn]: number | null };

/** Longer between two readings is a gap: nobody knows when in it the packets passed. */
const longestReadingMs = 3000;
const fine = historySpanRows['15min'];
const coarse = historySpanRows['24h'];
const columns = trafficColumns.length;
/** Cells of the drops that are errors. */
const errorCells = Object.values(dropReasons)
  .filter(({ isError }) => isError)
  .map(({ number }) => InterfaceCell.firstDrop + number);

/** What stands between two readings: steps that both are in or after, and how long the counted packets took. */
type Reading = {
  readonly lastStep: number;
  readonly step: number;
  readonly passedMs: number;
  readonly isRest: boolean;
};

type Track = {
  readonly device: Device;
  readonly firstStep: number;
  readonly totals: Float64Array;
  /** What the minute that is running has counted. */
  readonly minute: Float64Array;
  rings: { readonly fine: TrafficRing; readonly coarse: TrafficRing } | null;
};

/** Histories by interface. */
export class TrafficHistory {
  readonly #counters: Counters;
  readonly #tracks = new Map<string, Track>();
  readonly #seconds = new CountedSteps(fine.steps);
  readonly #minutes = new CountedSteps(coarse.steps);
  readonly #now = new Float64Array(columns);
  #lastMs = 0;
  #minuteMs = 0;

  constructor(counters: Counters) {
    this.#counters = counters;
  }

  /**
   * Read all counters. Once a second, more often does nothing; or after `restedMs` in which no packet was to be counted.
   * Gives how long nobody counted before, 0 for no gap, and whether something was.
   */
  sample(
    now: number,
    devices: Iterable<readonly [string, Device]>,
    restedMs = 0,
  ): { gapMs: number; hasCounted: boolean } {
    const step = Math.floor(now / fine.stepMs) - 1;
    const lastStep = Math.floor(this.#lastMs / fine.stepMs) - 1;
    if (step <= lastStep) return { gapMs: 0, hasCounted: false };
    const passedMs = now - this.#lastMs;
    const isGap = this.#lastMs === 0 || passedMs > longestReadingMs + restedMs;
    if (!isGap) for (let counted = lastStep + 1; counted <= step; counted++) this.#seconds.add(counted);
    this.#closeMinute(now);
    const seen = new Set<string>();
    const reading = isGap ? null : { lastStep, step, passedMs, isRest: restedMs > 0 };
    let hasCounted = false;
    for (const [name, device] of devices) {
      seen.add(name);
      if (this.#read(this.#trackOf(name, device, step), reading)) hasCounted = true;
    }
    for (const name of this.#tracks.keys()) if (!seen.has(name)) this.#tracks.delete(name);
    if (!isGap) this.#minuteMs += passedMs;
    const gapMs = this.#lastMs === 0 || !isGap ? 0 : passedMs;
    this.#lastMs = now;
    return { gapMs, hasCounted };
  }

  /** The points of a span, oldest first; null for an interface that is not there. */
  read(name: string, span: HistorySpan): { stepMs: number; points: HistoryPoint[] } | null {
    const track = this.#tracks.get(name);
    if (track === undefined) return null;
    const { stepMs, steps } = historySpanRows[span];
    const end = Math.floor(this.#lastMs / stepMs);
    const points = Array.from({ length: steps }, (_, index) => this.#point(track, end - steps + index, stepMs));
    return { stepMs, points };
  }

  #point(track: Track, step: number, stepMs: number): HistoryPoint {
    const isFine = stepMs === fine.stepMs;
    const isCounted = isFine
      ? this.#seconds.has(step) && step > track.firstStep
      : this.#minutes.has(step) && (step + 1) * stepMs > track.firstStep * fine.stepMs;
    const ring = isFine ? track.rings?.fine : track.rings?.coarse;
    const value = (column: number): number | null => (isCounted ? (ring?.read(step, column) ?? 0) : null);
    return {
      ...{ atMs: step * stepMs, outBytes: value(0), inBytes: value(1) },
      ...{ outPackets: value(2), inPackets: value(3), drops: value(4) },
    };
  }

  #trackOf(name: string, device: Device, step: number): Track {
    const known = this.#tracks.get(name);
    if (known?.device === device) return known;
    const track: Track = {
      ...{ device, firstStep: step, rings: null },
      totals: new Float64Array(columns),
      minute: new Float64Array(columns),
    };
    this.#readTotals(device.slot, track.totals);
    this.#tracks.set(name, track);
    return track;
  }

  /** Whether something was counted. `over`: null for a gap. */
  #read(track: Track, over: Reading | null): boolean {
    const now = this.#now;
    this.#readTotals(track.device.slot, now);
    let sum = 0;
    for (let column = 0; column < columns; column++) {
      const count = now[column]! - track.totals[column]!;
      track.totals[column] = now[column]!;
      now[column] = count;
      sum += count;
    }
    if (over === null) return sum > 0;
    if (track.rings === null) {
      if (sum === 0) return false;
      track.rings = { fine: new TrafficRing(fine.steps), coarse: new TrafficRing(coarse.steps) };
    }
    for (let column = 0; column < columns; column++) track.minute[column]! += now[column]!;
    // What ended a rest has come in its last second.
    for (let step = over.lastStep + 1; step <= over.step; step++) {
      const rate = over.isRest ? (step === over.step ? 1 : 0) : 1000 / over.passedMs;
      track.rings.fine.write(step, now, rate);
    }
    return sum > 0;
  }

  /** When a minute has ended, keep what it counted over the time in which somebody did. */
  #closeMinute(now: number): void {
    const minute = Math.floor(this.#lastMs / coarse.stepMs);
    if (minute === Math.floor(now / coarse.stepMs)) return;
    if (this.#minuteMs > 0) {
      this.#minutes.add(minute);
      for (const { rings, minute: counts } of this.#tracks.values()) {
        rings?.coarse.write(minute, counts, 1000 / this.#minuteMs);
        counts.fill(0);
      }
    }
    this.#minuteMs = 0;
  }

  #readTotals(slot: number, into: Float64Array): void {
    const counters = this.#counters;
    into[0] = counters.total(slot, InterfaceCell.outputBytes);
    into[1] = counters.total(slot, InterfaceCell.inputBytes);
    into[2] = counters.total(slot, InterfaceCell.outputPackets);
    into[3] = counters.total(slot, InterfaceCell.inputPackets);
    let drops = 0;
    for (const cell of errorCells) drops += counters.total(slot, cell);
    into[4] = drops;
  }
}
