/**
 * Who may only read gets a share of the helper's time and no more, however many ask: one request of a user at a time, one of all
 * of them at a time, in turn, and after each a rest three times as long as it took. So at least three quarters of the time are
 * root's and the operator's, who wait for one reader's request at most.
 * @module
 */

/** A rest is this many times as long as the work before it. */
const restFactor = 3;
/** The longest rest: what waited for something else has cost nothing. */
const longestRestMs = 2_000;

/** What time is measured and passed by. */
export type PaceClock = {
  /** Milliseconds, with fractions. */
  readonly now: () => number;
  /** Call `then` once the answer has been written, so that making its text counts. */
  readonly afterWriting: (then: () => void) => void;
  readonly wait: (milliseconds: number, then: () => void) => void;
};

/** The clock of this process. */
export const processPaceClock: PaceClock = {
  now: () => performance.now(),
  afterWriting: (then) => void setImmediate(then),
  wait: (milliseconds, then) => void setTimeout(then, milliseconds).unref(),
};

/** The pace of all readers. */
export class ReaderPace {
  readonly #clock: PaceClock;
  /** User → the end of what was asked last. */
  readonly #users = new Map<number, Promise<void>>();
  #all: Promise<void> = Promise.resolve();

  constructor(clock: PaceClock = processPaceClock) {
    this.#clock = clock;
  }

  /** Do `work` for a user when it is that user's turn. Rejects as it does. */
  async run<T>(uid: number, work: () => Promise<T>): Promise<T> {
    const before = this.#users.get(uid) ?? Promise.resolve();
    let end = (): void => undefined;
    const done = new Promise<void>((resolve) => (end = resolve));
    const last = before.then(() => done);
    this.#users.set(uid, last);
    void last.then(() => {
      if (this.#users.get(uid) === last) this.#users.delete(uid);
    });
    await before;
    // A user stands in this line once, so each comes after all others.
    const turn = this.#all;
    this.#all = turn.then(() => done);
    await turn;
    const start = this.#clock.now();
    try {
      return await work();
    } finally {
      this.#clock.afterWriting(() => {
        const rest = restFactor * (this.#clock.now() - start);
        this.#clock.wait(Math.min(longestRestMs, Math.max(0, rest)), end);
      });
    }
  }
}
