/**
 * Words of commands that people paste into a shell.
 * @module
 */

/** As a shell takes it for one word (POSIX, Shell Command Language, 2.2.2); as it is where that needs no quotes. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
