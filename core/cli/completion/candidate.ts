/**
 * What may stand where the cursor is, and what the shells are told: a line each, the word, a tab and what it is.
 * @module
 */

/** One word that may stand there. */
export type Candidate = { readonly word: string; readonly about: string };

/** What may stand there: words, and files where `takesFile`. */
export type Completion = { readonly candidates: readonly Candidate[]; readonly takesFile: boolean };

/** Names that only the helper knows; empty where it does not answer. */
export type LiveNames = {
  readonly interfaces: () => Promise<readonly string[]>;
  readonly profiles: () => Promise<readonly string[]>;
  readonly sysctls: () => Promise<readonly string[]>;
};

/** Tells the shell to complete files, too; no word of ours begins with a colon. */
export const filesMark = ':files';

/** Nothing may stand there that we know of. */
export const nothing: Completion = { candidates: [], takesFile: false };

/** The name of a file. */
export const anyFile: Completion = { candidates: [], takesFile: true };

/** These words. */
export function wordsOf(words: readonly string[], about: string): Completion {
  return { candidates: words.map((word) => ({ word, about })), takesFile: false };
}

/** Both. */
export function either(...completions: readonly Completion[]): Completion {
  return {
    candidates: completions.flatMap(({ candidates }) => candidates),
    takesFile: completions.some(({ takesFile }) => takesFile),
  };
}

/** What a script reads: only what begins with what is written already; a file's name begins with no minus. */
export function printCompletion({ candidates, takesFile }: Completion, written: string): string {
  const lines = candidates
    .filter(({ word }) => word.startsWith(written))
    .map(({ word, about }) => `${word}\t${about}\n`);
  const isOption = written.startsWith('-');
  return `${lines.join('')}${takesFile && !isOption ? `${filesMark}\n` : ''}`;
}
