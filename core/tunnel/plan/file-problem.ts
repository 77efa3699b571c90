/**
 * Something wrong with a file, with its place: as all problems of all files are told at once.
 * @module
 */
import type { IpsecError } from '#core/base/error.ts';
import type { DeclaredAt } from './desired-state.ts';

/** One problem. No key is in it. */
export type FileProblem = DeclaredAt & { readonly message: string; readonly hint: string };

/** A refusal as a problem of a file; the error's own place counts where it has one. */
export function problemOf(error: IpsecError, at: DeclaredAt): FileProblem {
  const { message, hint, details } = error;
  const line = Number(details['line'] ?? at.line);
  const column = Number(details['column'] ?? at.column);
  return { file: at.file, line, column, message, hint };
}
