/**
 * One command at a time: each begins when the one before it has ended, well or badly.
 * @module
 */

/** A queue of asynchronous work. */
export class CommandQueue {
  #last: Promise<unknown> = Promise.resolve();

  /** Run `work` after everything queued before it; gives its outcome. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const outcome = this.#last.then(work);
    this.#last = outcome.catch(() => undefined);
    return outcome;
  }
}
