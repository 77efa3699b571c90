/**
 * The descriptors that a worker waits for. A descriptor that keeps failing (a device deleted by somebody else answers
 * every wait with an error) is set aside for a while, so that it costs a few system calls a second, not a processor.
 * @module
 */
import type { Clock } from '#core/base/port.ts';
import type { NativePackage } from './native.ts';

/** Linux errno values that say "not now" rather than "broken" (errno(3)). */
const EINTR = 4;
const EAGAIN = 11;

/** Failures in a row before a descriptor is set aside, and for how long. */
const maxFailures = 16;
const restMs = 1000;

/** Longest that a wait blocks: nobody depends on its end, and each costs a processor that sleeps. */
const quietMs = 10_000;

/** Most descriptors reported by one wait. */
const maxReady = 64;

/** A waiter of the native package and what it waits for. Used by one thread; only the waiter's wake-up crosses threads. */
export class WaitSet {
  /** Tokens that the last `wait` found ready; a negative one is the wake-up. */
  readonly ready = new Int32Array(maxReady);
  readonly #native: NativePackage;
  readonly #waiter: number;
  readonly #clock: Clock;
  readonly #onRest: (token: number, errno: number) => void;
  /** Failures in a row of each token. */
  readonly #failures = new Map<number, number>();
  #tokens: readonly number[] = [];
  /** Tokens set aside → when they come back. */
  readonly #resting = new Map<number, number>();

  /** `onRest` hears of each token that is set aside, the first time in a row. */
  constructor(native: NativePackage, waiter: number, clock: Clock, onRest: (token: number, errno: number) => void) {
    this.#native = native;
    this.#waiter = waiter;
    this.#clock = clock;
    this.#onRest = onRest;
  }

  /** Wait for exactly these tokens from now on. */
  replace(tokens: readonly number[]): void {
    // Snapshots come often, and most of them have the same tokens.
    if (tokens.length === this.#tokens.length && tokens.every((token, index) => token === this.#tokens[index])) return;
    this.#tokens = tokens;
    const wanted = new Set(tokens);
    for (const token of this.#failures.keys()) {
      if (wanted.has(token)) continue;
      this.#failures.delete(token);
      if (!this.#resting.delete(token)) this.#native.removeFromWaiter(this.#waiter, token);
    }
    for (const token of wanted) {
      if (this.#failures.has(token)) continue;
      this.#native.addToWaiter(this.#waiter, token, token);
      this.#failures.set(token, 0);
    }
  }

  /**
   * Block until something is ready, a wake-up comes, or `withinMs` has passed; no longer than what rests does. Returns
   * how many of `ready` count.
   */
  wait(withinMs: number): number {
    const longestMs = this.#resting.size > 0 ? restMs : quietMs;
    return this.#native.wait(this.#waiter, Math.ceil(Math.min(longestMs, withinMs)), this.ready);
  }

  /** Whether the last `wait`, which returned `count`, ended by a wake-up, or for want of anything else. */
  wasWoken(count: number): boolean {
    for (let index = 0; index < count; index++) if (this.ready[index]! < 0) return true;
    return count === 0;
  }

  /** Note what reading a token gave: a count, or a negative errno. */
  report(token: number, result: number): void {
    if (result >= 0 || result === -EAGAIN || result === -EINTR) {
      if (result > 0 && this.#failures.get(token) !== 0) this.#failures.set(token, 0);
      return;
    }
    const failures = this.#failures.get(token);
    if (failures === undefined) return;
    this.#failures.set(token, failures + 1);
    if (failures + 1 < maxFailures || this.#resting.has(token)) return;
    this.#native.removeFromWaiter(this.#waiter, token);
    this.#resting.set(token, this.#clock.now() + restMs);
    if (failures + 1 === maxFailures) this.#onRest(token, -result);
  }

  /** Wait again for tokens that have rested. One more failure sets them aside again. */
  recall(now: number): void {
    if (this.#resting.size === 0) return;
    for (const [token, until] of this.#resting) {
      if (until > now) continue;
      this.#resting.delete(token);
      this.#native.addToWaiter(this.#waiter, token, token);
    }
  }
}
