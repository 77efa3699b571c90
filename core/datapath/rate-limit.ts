/**
 * Limits on what the network can make us say: log lines, acquire events, ICMP answers (RFC 4443 §2.4 (f)).
 * @module
 */

/** At most one in an interval. */
export class Interval {
  readonly #intervalMs: number;
  #lastMs = -Infinity;

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  /** Whether now is allowed; if so, the interval starts again. A clock that was set back allows at once. */
  take(now: number): boolean {
    const elapsed = now - this.#lastMs;
    if (elapsed >= 0 && elapsed < this.#intervalMs) return false;
    this.#lastMs = now;
    return true;
  }
}

/** At most one in an interval, for each of many speakers. */
export class IntervalTable {
  readonly #intervalMs: number;
  readonly #intervals = new Map<number, Interval>();

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  /** Whether the speaker `key` is allowed now; its interval is made on first use. */
  take(key: number, now: number): boolean {
    let interval = this.#intervals.get(key);
    if (interval === undefined) {
      interval = new Interval(this.#intervalMs);
      this.#intervals.set(key, interval);
    }
    return interval.take(now);
  }

  /** Forget all other speakers; who they are is asked only where there are some. */
  retain(keys: () => Iterable<number | undefined>): void {
    if (this.#intervals.size === 0) return;
    const kept = new Set(keys());
    for (const key of this.#intervals.keys()) if (!kept.has(key)) this.#intervals.delete(key);
  }
}

/** A burst, refilled at a steady rate. */
export class TokenBucket {
  readonly #capacity: number;
  readonly #perSecond: number;
  #tokens: number;
  #lastMs = -Infinity;

  constructor(capacity: number, perSecond: number) {
    this.#capacity = capacity;
    this.#perSecond = perSecond;
    this.#tokens = capacity;
  }

  /** Whether one more is allowed; if so, it is taken. */
  take(now: number): boolean {
    const elapsed = Math.max(0, now - this.#lastMs);
    this.#tokens = Math.min(this.#capacity, this.#tokens + (elapsed / 1000) * this.#perSecond);
    this.#lastMs = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
