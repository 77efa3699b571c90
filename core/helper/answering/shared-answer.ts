/**
 * One answer for all who ask for the same at the same time: whoever asks gets one that is made after that, so it is never old,
 * and a hundred who wait are served by one reading of a thousand tunnels, not by a hundred. After each there is a rest as
 * long as it took, in which those who ask gather.
 * @module
 */
import { processPaceClock, type PaceClock } from '#core/helper/answering/reader-pace.ts';

/** The longest rest: what waited for something else has cost nothing. */
const longestRestMs = 200;
/** A timer is no more exact than that. */
const shortestRestMs = 1;

/** An answer that is the same for everybody. */
export class SharedAnswer<T> {
  readonly #clock: PaceClock;
  #next: Promise<T> | null = null;
  #restUntilMs = 0;

  constructor(clock: PaceClock = processPaceClock) {
    this.#clock = clock;
  }

  /** The answer that `make` of the first who asked gives a moment later. Rejects as it does. */
  ask(make: () => Promise<T>): Promise<T> {
    this.#next ??= new Promise((resolve) => {
      const begin = (): void => {
        this.#next = null;
        resolve(this.#measure(make));
      };
      const restMs = this.#restUntilMs - this.#clock.now();
      if (restMs >= shortestRestMs) this.#clock.wait(restMs, begin);
      else this.#clock.afterWriting(begin);
    });
    return this.#next;
  }

  async #measure(make: () => Promise<T>): Promise<T> {
    const start = this.#clock.now();
    try {
      return await make();
    } finally {
      // At once, for those who ask before it is written; and when it is, for writing has taken time, too.
      this.#restSince(start);
      this.#clock.afterWriting(() => this.#restSince(start));
    }
  }

  #restSince(start: number): void {
    const now = this.#clock.now();
    this.#restUntilMs = now + Math.min(longestRestMs, now - start);
  }
}
