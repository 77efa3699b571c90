/**
 * Puts bursts of dropped packets into the timeline, with the reason of most of them: the first ten at once, then what has
 * come together at most every 30 seconds for each interface. Anybody can cause drops, so they must not fill it.
 * @module
 */
import { counted } from '#core/base/counted.ts';
import type { Counters } from '#core/datapath/counters.ts';
import { dropReasons } from '#core/datapath/drop-reason.ts';
import type { Device } from '#core/tunnel/compile-snapshot.ts';
import { durationText } from './duration.ts';
import type { Timeline } from './timeline.ts';

/** So many are told at once, fewer when the time has passed. */
const burstPackets = 10;
const quietMs = 30_000;

const errorRows = Object.values(dropReasons).filter(({ isError }) => isError);

type Watched = {
  readonly device: Device;
  /** By row of `errorRows`: what was told. */
  readonly told: Float64Array;
  toldMs: number;
  /** When the first drop that is not told yet was noticed; 0 for none. */
  sinceMs: number;
};

/** Drops by interface. */
export class DropWatch {
  readonly #timeline: Timeline;
  readonly #counters: Counters;
  readonly #watched = new Map<string, Watched>();

  constructor(timeline: Timeline, counters: Counters) {
    this.#timeline = timeline;
    this.#counters = counters;
  }

  /** Look at all counters. */
  observe(devices: Iterable<readonly [string, Device]>, now: number): void {
    const seen = new Set<string>();
    for (const [name, device] of devices) {
      seen.add(name);
      const watched = this.#watched.get(name);
      if (watched?.device === device) this.#look(name, watched, now);
      else this.#watched.set(name, { device, told: this.#read(device.slot), toldMs: 0, sinceMs: 0 });
    }
    for (const name of this.#watched.keys()) if (!seen.has(name)) this.#watched.delete(name);
  }

  #look(name: string, watched: Watched, now: number): void {
    const { device, told } = watched;
    let packets = 0;
    let most = 0;
    let label = '';
    for (let index = 0; index < errorRows.length; index++) {
      const row = errorRows[index];
      if (row === undefined) break;
      const count = this.#counters.drops(device.slot, row.number) - told[index]!;
      packets += count;
      if (count <= most) continue;
      most = count;
      label = row.label;
    }
    if (packets === 0) return;
    if (watched.sinceMs === 0) watched.sinceMs = now;
    const isBurst = packets >= burstPackets && now - watched.toldMs >= quietMs;
    if (!isBurst && now - Math.max(watched.sinceMs, watched.toldMs) < quietMs) return;
    const duration = durationText(Math.max(1000, now - watched.sinceMs));
    const why = most === packets ? label : `mostly ${label}`;
    this.#timeline.add('drops', now, name, { packets, dropped: counted(packets, 'packet'), duration, label, why });
    watched.told.set(this.#read(watched.device.slot));
    watched.toldMs = now;
    watched.sinceMs = 0;
  }

  #read(slot: number): Float64Array {
    return Float64Array.from(errorRows, ({ number }) => this.#counters.drops(slot, number));
  }
}
