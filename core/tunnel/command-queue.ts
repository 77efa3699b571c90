/**
 * One command at a time, in groups that share a publication: what waits when a group begins runs in it, one after the
 * other, and all of it is answered when the group has finished. A group that cannot finish fails every command in it.
 * @module
 */

/** What the commands of one group run in. */
export type CommandGroup = {
  /** Make what the commands did take effect. Throws when all of it was taken back instead. */
  finish(): Promise<void>;
};

/** Tells a caller how its command ended. */
type Outcome = { readonly succeed: () => void; readonly fail: (error: unknown) => void };

type Entry<Group> =
  | { readonly kind: 'grouped'; readonly run: (group: Group) => Promise<Outcome | null> }
  | { readonly kind: 'alone'; readonly run: () => Promise<void> };

/** Commands in a group: what fails together stays small, and nobody waits for ever. */
const groupLimit = 256;

/** A queue of asynchronous work. */
export class CommandQueue<Group extends CommandGroup> {
  readonly #begin: () => Group;
  readonly #waiting: Entry<Group>[] = [];
  #isRunning = false;

  /** `begin` opens a group. */
  constructor(begin: () => Group) {
    this.#begin = begin;
  }

  /** Run `work` in a group. Its refusal is its own; its success is known when the group has finished. */
  grouped<T>(work: (group: Group) => Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const run = async (group: Group): Promise<Outcome | null> => {
      try {
        const result = await work(group);
        return { succeed: () => resolve(result), fail: reject };
      } catch (error) {
        reject(error);
        return null;
      }
    };
    this.#push({ kind: 'grouped', run });
    return promise;
  }

  /** Run `work` after everything queued before it, outside any group; gives its outcome. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject: (error: unknown) => void) => {
      this.#push({ kind: 'alone', run: () => work().then(resolve, reject) });
    });
  }

  #push(entry: Entry<Group>): void {
    this.#waiting.push(entry);
    if (!this.#isRunning) void this.#drain();
  }

  async #drain(): Promise<void> {
    this.#isRunning = true;
    // Whoever asks in the same turn belongs to the same burst.
    await Promise.resolve();
    for (let entry = this.#waiting.shift(); entry !== undefined; entry = this.#waiting.shift()) {
      if (entry.kind === 'alone') await entry.run();
      else await this.#runGroup(entry);
    }
    this.#isRunning = false;
  }

  async #runGroup(first: Entry<Group> & { kind: 'grouped' }): Promise<void> {
    const group = this.#begin();
    const outcomes: Outcome[] = [];
    let entry: Entry<Group> | undefined = first;
    for (let count = 1; entry?.kind === 'grouped'; count++) {
      const outcome = await entry.run(group);
      if (outcome !== null) outcomes.push(outcome);
      entry = this.#waiting[0]?.kind === 'grouped' && count < groupLimit ? this.#waiting.shift() : undefined;
    }
    try {
      await group.finish();
      for (const { succeed } of outcomes) succeed();
    } catch (error) {
      for (const { fail } of outcomes) fail(error);
    }
  }
}
