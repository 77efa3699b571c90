/**
 * How a store takes changes back: each change leaves what undoes it, as long as somebody may still ask for that.
 * A change costs nothing extra while no mark is open, and rolling back costs what was changed, not what is stored.
 * @module
 */
import { invariant } from './invariant.ts';

/** A place in a journal to which the store can be rolled back. */
export type UndoMark = { readonly position: number };

/** The journal of one store. Marks nest: the one opened last is closed first. */
export class UndoJournal {
  readonly #undos: (() => void)[] = [];
  readonly #marks: UndoMark[] = [];

  /** Open a mark: from now on changes are recorded. Close it with `rollback` or `commit`. */
  mark(): UndoMark {
    const mark = { position: this.#undos.length };
    this.#marks.push(mark);
    return mark;
  }

  /** Say how to undo the change that was just made. */
  record(undo: () => void): void {
    if (this.#marks.length > 0) this.#undos.push(undo);
  }

  /** Take back everything since `mark`, newest first, and close it. */
  rollback(mark: UndoMark): void {
    this.#close(mark);
    while (this.#undos.length > mark.position) this.#undos.pop()?.();
  }

  /** Keep everything since `mark` and close it; an outer mark can still take it back. */
  commit(mark: UndoMark): void {
    this.#close(mark);
    if (this.#marks.length === 0) this.#undos.length = 0;
  }

  #close(mark: UndoMark): void {
    invariant(this.#marks.pop() === mark, 'undo marks are closed in the reverse order of opening');
  }
}
