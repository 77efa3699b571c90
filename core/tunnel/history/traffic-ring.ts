/**
 * Rates of one interface in steps of equal length, the latest of them only: a ring of typed cells, written in place.
 * Whether anybody counted in a step is not known here, but in `CountedSteps`.
 * @module
 */

/** Columns of a ring, in this order. */
export const trafficColumns = ['outBytes', 'inBytes', 'outPackets', 'inPackets', 'drops'] as const;
/** One of `trafficColumns`. */
export type TrafficColumn = (typeof trafficColumns)[number];

/** Rates by step. Steps are numbers that rise with time. */
export class TrafficRing {
  readonly #cells: Float32Array;
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#cells = new Float32Array(capacity * trafficColumns.length);
  }

  /** Memory of a ring, in bytes. */
  static bytes(capacity: number): number {
    return capacity * trafficColumns.length * Float32Array.BYTES_PER_ELEMENT;
  }

  /** Write a step: `counts` in the order of the columns, each times `scale`. */
  write(step: number, counts: Float64Array, scale: number): void {
    const base = (step % this.#capacity) * trafficColumns.length;
    for (let column = 0; column < trafficColumns.length; column++) this.#cells[base + column] = counts[column]! * scale;
  }

  /** A rate of a step that was written, and is among the latest. */
  read(step: number, column: number): number {
    return this.#cells[(step % this.#capacity) * trafficColumns.length + column]!;
  }
}

/** In which of the latest steps somebody counted. */
export class CountedSteps {
  readonly #steps: Float64Array;

  constructor(capacity: number) {
    this.#steps = new Float64Array(capacity).fill(-1);
  }

  /** Somebody counted in this step. */
  add(step: number): void {
    this.#steps[step % this.#steps.length] = step;
  }

  /** Whether somebody did. */
  has(step: number): boolean {
    return this.#steps[step % this.#steps.length] === step;
  }
}
