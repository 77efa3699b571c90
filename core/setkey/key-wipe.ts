/**
 * Wipes the keys of statements once they have been carried out: the SAD has copies of its own, and what it is flushed of
 * should not live on in a tree that nobody needs any more.
 * @module
 */
import type { Statement } from './syntax.ts';

/** Overwrite every key in `statements` with zeros; they are not to be carried out or printed after that. */
export function wipeKeys(statements: Iterable<Statement>): void {
  for (const statement of statements) {
    if (statement.kind !== 'add' && statement.kind !== 'update') continue;
    statement.encryption?.key?.wipe();
    statement.integrity?.key?.wipe();
  }
}
