/**
 * A lock of several threads in one cell of shared memory, for the few instructions in which a batch takes its numbers.
 * A thread that finds it held looks again a few times and then sleeps.
 *
 * A thread that died while it held the lock would keep all others out. It cannot be told from one that is slow, so the
 * control plane says when a thread has died (`isAbandoned`), and then nobody gets the lock any more.
 * @module
 */

/** What the cell says. */
const State = { free: 0, held: 1, awaited: 2 } as const;

/** Looks before a thread sleeps: about as long as a batch needs to take its numbers. */
const looks = 200;
/** How often a sleeping thread looks whether it waits for a dead one. */
const lookMs = 50;

/** A view of the lock; every thread makes its own over the same cell. */
export class SharedLock {
  readonly #cells: Int32Array;
  readonly #index: number;
  readonly #isAbandoned: () => boolean;

  /** `cells` lies in shared memory; the lock is free while its cell is 0. */
  constructor(cells: Int32Array, index: number, isAbandoned: () => boolean) {
    this.#cells = cells;
    this.#index = index;
    this.#isAbandoned = isAbandoned;
  }

  /** Wait for the lock and take it; false when another thread died, and the lock must not be used any more. */
  acquire(): boolean {
    if (this.#isAbandoned()) return false;
    for (let look = 0; look < looks; look++) {
      if (Atomics.compareExchange(this.#cells, this.#index, State.free, State.held) === State.free) return true;
    }
    while (Atomics.exchange(this.#cells, this.#index, State.awaited) !== State.free) {
      Atomics.wait(this.#cells, this.#index, State.awaited, lookMs);
      if (this.#isAbandoned()) return false;
    }
    return true;
  }

  /** Let the next one in. Only who holds the lock may do that. */
  release(): void {
    if (Atomics.exchange(this.#cells, this.#index, State.free) === State.awaited) {
      Atomics.notify(this.#cells, this.#index, 1);
    }
  }
}
