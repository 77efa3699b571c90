/**
 * Whether packets have moved, in one cell of shared memory: workers say so, and whoever looks after the datapath asks, or
 * rests until the next one. A worker pays one read of the cell for each wake-up, and tells only who waits.
 * @module
 */

/** What the cell says. */
const State = { none: 0, moved: 1, awaited: 2 } as const;

/** Memory of a `Movement`. */
export function movementMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
}

/** A view of the cell; every thread makes its own over the same memory. */
export class Movement {
  readonly #cell: Int32Array;

  constructor(memory: SharedArrayBuffer) {
    this.#cell = new Int32Array(memory);
  }

  /** Packets are there. True: somebody waits for it, and is to be told. */
  note(): boolean {
    if (Atomics.load(this.#cell, 0) === State.moved) return false;
    return Atomics.exchange(this.#cell, 0, State.moved) === State.awaited;
  }

  /** Whether there were any since the last time that this was asked. Nobody waits any more. */
  take(): boolean {
    return Atomics.exchange(this.#cell, 0, State.none) === State.moved;
  }

  /** Wait for the next ones; false when there were some since `take`, and nobody will tell. */
  awaitNext(): boolean {
    return Atomics.compareExchange(this.#cell, 0, State.none, State.awaited) !== State.moved;
  }
}
