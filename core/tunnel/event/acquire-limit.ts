/**
 * How often an acquire for one policy is told (key.c: key_acquire): the first at once, and then no other until eleven
 * more have been asked for or twenty seconds have passed (sysctls net.key.blockacq_count and net.key.blockacq_lifetime).
 * @module
 */

/** Acquires that are swallowed after one that was told. */
const blockCount = 10;
/** How long one that was told is remembered. */
const lifetimeMs = 20_000;

/** Remembers acquires by policy. */
export class AcquireLimit {
  readonly #told = new Map<number, { atMs: number; swallowed: number }>();

  /** Whether the acquire for this policy is told at `now`. */
  admit(spid: number, now: number): boolean {
    this.#forget(now);
    const told = this.#told.get(spid);
    if (told === undefined) {
      this.#told.set(spid, { atMs: now, swallowed: 0 });
      return true;
    }
    if (told.swallowed < blockCount) {
      told.swallowed++;
      return false;
    }
    told.swallowed = 0;
    return true;
  }

  /** Entries stand in order of age, for one keeps its place however often it is asked for. */
  #forget(now: number): void {
    for (const [spid, { atMs }] of this.#told) {
      if (now - atMs <= lifetimeMs) return;
      this.#told.delete(spid);
    }
  }
}
