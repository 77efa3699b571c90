/**
 * Repeatable randomness for the in-process network and for tests: the same seed gives the same run.
 * A mixing counter (splitmix32). Not for keys: nothing here is secret.
 * @module
 */
import type { Random } from '#core/base/port.ts';

/** Pseudo-random numbers from a seed. */
export class SeededRandom implements Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** An unsigned 32-bit number. */
  next(): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  }

  /** A number from 0 (included) to 1 (not included). */
  fraction(): number {
    return this.next() / 0x1_0000_0000;
  }

  /** An integer from 0 to `limit` − 1. */
  below(limit: number): number {
    return Math.floor(this.fraction() * limit);
  }

  /** Fill `out`. */
  fill(out: Uint8Array): void {
    for (let index = 0; index < out.length; index++) out[index] = this.next() & 0xff;
  }
}
