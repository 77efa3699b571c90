/**
 * Fast pseudo-random numbers from a seed (xorshift32, Marsaglia 2003), for millions of mutations.
 * @module
 */

/** The same seed gives the same numbers. */
export class Xorshift {
  #state: number;

  /** Zero is the one state that xorshift never leaves. */
  constructor(seed: number) {
    this.#state = seed | 0 || 1;
  }

  /** An unsigned 32-bit number, never 0. */
  next(): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state;
    return state >>> 0;
  }

  /** An integer from 0 to `limit` − 1; `limit` is small, so that the remainder is fair enough. */
  below(limit: number): number {
    return this.next() % limit;
  }

  /** One of the items, of which there is at least one. */
  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.next() % items.length];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }
}
