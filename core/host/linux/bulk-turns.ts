/**
 * Whether a worker interrupts others when it wakes (sched(7)). Usually it does: a packet that comes alone is to go on at
 * once. While much is to be carried it does not (SCHED_BATCH): what comes meanwhile waits, and is then sealed or opened in
 * one go, for fewer switches and warmer caches. Where others take its turns for long, it interrupts them again.
 * @module
 */

/** What a thread has had of the processors since it began. */
export type ThreadTimes = { readonly ranMs: number; readonly waitedMs: number; readonly turns: number };

/** The thread that a worker is. */
export type OwnThread = {
  /** Null where the system does not keep them. */
  times(): ThreadTimes | null;
  /** False when the thread is left as it is, and always will be. */
  setBatch(isBatch: boolean): boolean;
};

/** How often it looks, at most: a look takes a few system calls. */
const lookMs = 250;
/** Much is to be carried from this part of a processor on, until it is less than the second. */
const bulkShare = 0.3;
const lightShare = 0.15;
/** Turns that come this late on average are others' work: a batch of ours, or of whoever sends or receives, is shorter. */
const lateMs = 2.5;
/** How long it interrupts others then. */
const graceMs = 10_000;

/** The turns of one worker. */
export class BulkTurns {
  readonly #thread: OwnThread;
  #lookedMs = 0;
  #last: ThreadTimes | null;
  #isBatch = false;
  #graceUntilMs = -Infinity;

  constructor(thread: OwnThread) {
    this.#thread = thread;
    this.#last = thread.times();
  }

  /** The worker has woken. `now` in milliseconds, of any clock that never goes back. */
  woke(now: number): void {
    if (this.#last === null || now - this.#lookedMs < lookMs) return;
    const times = this.#thread.times();
    if (times === null) return;
    const isOurs = this.#judge(now, this.#last, times);
    this.#lookedMs = now;
    // Whoever chose how this process is scheduled knows better.
    this.#last = isOurs ? times : null;
  }

  /** False when the thread is not to be asked about any more. */
  #judge(now: number, before: ThreadTimes, times: ThreadTimes): boolean {
    const share = (times.ranMs - before.ranMs) / (now - this.#lookedMs);
    const lateness = (times.waitedMs - before.waitedMs) / Math.max(1, times.turns - before.turns);
    if (this.#isBatch && lateness > lateMs) this.#graceUntilMs = now + graceMs;
    const isBulk = share >= (this.#isBatch ? lightShare : bulkShare) && now >= this.#graceUntilMs;
    if (isBulk === this.#isBatch) return true;
    this.#isBatch = isBulk;
    return this.#thread.setBatch(isBulk);
  }
}
