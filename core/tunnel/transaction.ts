/**
 * All or nothing over a machine: each step that succeeded leaves what undoes it, and a failure undoes them newest first.
 * What the world may hear of only when nothing can be undone any more waits for the end.
 * @module
 */
import type { Log } from '#core/base/port.ts';

/** The steps of one command so far. */
export class Transaction {
  readonly #undos: (() => Promise<void> | void)[] = [];
  readonly #announcements: (() => void)[] = [];

  /** Say how to undo what was just done. */
  onRollback(undo: () => Promise<void> | void): void {
    this.#undos.push(undo);
  }

  /** Say what to tell once it is certain. */
  onCommit(announce: () => void): void {
    this.#announcements.push(announce);
  }

  /** Undo everything. What cannot be undone is logged, and the rest is undone nevertheless. */
  async rollback(log: Log): Promise<void> {
    for (const undo of this.#undos.reverse()) {
      try {
        await undo();
      } catch (error) {
        log.error('a step could not be undone', { error });
      }
    }
    this.#undos.length = 0;
  }

  /** Nothing will be undone: tell. */
  commit(): void {
    for (const announce of this.#announcements) announce();
  }
}
