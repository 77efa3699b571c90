/**
 * Time for lifetimes, keepalives and intervals: the wall clock of the moment in which the process began, and since then
 * what has really passed, asleep or awake. Setting the clock neither ends an association nor makes it last longer
 * (NetBSD's key.c counts time_uptime for the same reason).
 *
 * The monotonic clock stands still while the machine sleeps; the system's uptime does not, but is coarse and asks the
 * kernel. So the first is read each time, and the second once in a while, to find out how long the machine has slept.
 * @module
 */
import { uptime } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { Clock } from '#core/base/port.ts';

/** One moment on three clocks, in milliseconds. Every thread of a process counts from the same. */
export type ClockAnchor = { readonly wallMs: number; readonly monotonicMs: number; readonly uptimeMs: number };

/** The clocks of the system. */
export type ClockSources = {
  /** Set by people and by NTP. */
  wallMs(): number;
  /** Never set; stands still while the machine sleeps. Equal in all threads. */
  monotonicMs(): number;
  /** Never set; goes on while the machine sleeps. May be coarse. */
  uptimeMs(): number;
};

/** How often the uptime is read, and what it must be ahead by to count as sleep: macOS gives whole seconds. */
const lookMs = 1000;
const shortestSleepMs = 2000;

/** This machine's clocks. `process.hrtime` would do for all threads, but costs two allocations a call. */
function systemClocks(): ClockSources {
  const [seconds, nanoseconds] = process.hrtime();
  const threadStartMs = seconds * 1000 + nanoseconds / 1e6 - performance.now();
  return {
    wallMs: () => Date.now(),
    monotonicMs: () => threadStartMs + performance.now(),
    uptimeMs: () => uptime() * 1000,
  };
}

/** The moment to count from: now. */
export function anchorClock(sources: ClockSources = systemClocks()): ClockAnchor {
  return { wallMs: sources.wallMs(), monotonicMs: sources.monotonicMs(), uptimeMs: sources.uptimeMs() };
}

/** A clock that counts whole milliseconds from `anchor`. */
export function steadyClock(anchor: ClockAnchor, sources: ClockSources = systemClocks()): Clock {
  let sleptMs = 0;
  let lookedMs = -Infinity;
  return {
    now() {
      const awakeMs = sources.monotonicMs() - anchor.monotonicMs;
      if (awakeMs - lookedMs >= lookMs) {
        lookedMs = awakeMs;
        const ahead = sources.uptimeMs() - anchor.uptimeMs - awakeMs;
        if (ahead - sleptMs >= shortestSleepMs) sleptMs = ahead;
      }
      return Math.floor(anchor.wallMs + awakeMs + sleptMs);
    },
  };
}

/**
 * What the wall clock shows, or has shown, at a moment of a steady clock, by the time that it has now: for people to read. NetBSD's
 * dumps do the same (`time_mono_to_wall`). In whole seconds, so that the clocks' small ways apart move nothing.
 */
export function wallTime(clock: Clock, sources: Pick<ClockSources, 'wallMs'> = systemClocks()): (ms: number) => number {
  return (ms) => ms + Math.round((sources.wallMs() - clock.now()) / 1000) * 1000;
}
