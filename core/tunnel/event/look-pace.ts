/**
 * When something of the machine is looked at again that nobody tells of: every ten seconds, and not while a look goes on.
 * @module
 */

/** How often. */
const lookMs = 10_000;

/** The pace of one watch. */
export class LookPace {
  #lookedMs = -Infinity;
  #isLooking = false;

  /** Whether the last look is long enough ago. */
  isDue(now: number): boolean {
    return !this.#isLooking && now >= this.nextMs;
  }

  /** When it is. */
  get nextMs(): number {
    return this.#lookedMs + lookMs;
  }

  /** Look. @throws what `work` does. */
  async look<T>(now: number, work: () => Promise<T>): Promise<T> {
    this.#lookedMs = now;
    this.#isLooking = true;
    try {
      return await work();
    } finally {
      this.#isLooking = false;
    }
  }
}
