/**
 * Words of ip(8) by the word before them.
 * @module
 */

/** The word behind `name`; null for none. */
export function wordAfter(words: readonly string[], name: string): string | null {
  const at = words.indexOf(name);
  return at < 0 ? null : (words[at + 1] ?? null);
}

/** The number behind `name`, decimal or behind 0x, brackets and a comma left out (`0x1001(4097)`, `128,`); null for none. */
export function numberAfter(words: readonly string[], name: string): number | null {
  const word = wordAfter(words, name)?.replace(/[(,].*$/, '') ?? '';
  return /^(0x[0-9a-f]{1,8}|[0-9]{1,15})$/i.test(word) ? Number(word) : null;
}
