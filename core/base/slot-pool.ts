/**
 * Hands out small integers and takes them back: positions in tables of fixed size, such as the shared counters.
 * @module
 */
import { invariant } from './invariant.ts';

/** The numbers from `first` to `end - 1`, each with at most one owner. */
export class SlotPool {
  readonly #end: number;
  readonly #free: number[] = [];
  #next: number;

  /** `end` is one more than the highest slot. */
  constructor(first: number, end: number) {
    this.#next = first;
    this.#end = end;
  }

  /** A slot that nobody owns, or null when all are taken. */
  take(): number | null {
    const reused = this.#free.pop();
    if (reused !== undefined) return reused;
    return this.#next < this.#end ? this.#next++ : null;
  }

  /** Give back a slot that `take` gave. */
  release(slot: number): void {
    invariant(slot < this.#next, 'only slots that were taken come back');
    this.#free.push(slot);
  }
}
