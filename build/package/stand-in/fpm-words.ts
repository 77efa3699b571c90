/**
 * The words that electron-builder says to fpm, as far as deb and rpm need them.
 * @module
 */

/** What fpm is to do. */
export type FpmWords = {
  /** Options that are said once, without their dashes. */
  readonly options: ReadonlyMap<string, string>;
  /** Those that may be said again: `depends`, `deb-recommends` and `rpm-tag`. */
  readonly lists: ReadonlyMap<string, readonly string[]>;
  /** What lies here, and where it goes: `FILE=FILE`, `FOLDER/=FOLDER`. */
  readonly sources: readonly (readonly [source: string, target: string])[];
};

const flags = new Set(['--force', '--debug']);
const repeated = new Map([
  ['-d', 'depends'],
  ['--depends', 'depends'],
  ['--deb-recommends', 'deb-recommends'],
  ['--rpm-tag', 'rpm-tag'],
]);
const shorts = new Map([
  ['-s', 'input-type'],
  ['-t', 'output-type'],
]);

/** Read them. @throws {Error} for a word that is neither an option nor a pair. */
export function parseFpmWords(words: readonly string[]): FpmWords {
  const options = new Map<string, string>();
  const lists = new Map<string, string[]>();
  const sources: (readonly [string, string])[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (flags.has(word)) continue;
    if (!word.startsWith('-')) {
      sources.push(parsePair(word));
      continue;
    }
    const [name = '', inline] = splitInline(word);
    const value = inline ?? words[(index += 1)];
    if (value === undefined) throw new Error(`${name} has no value`);
    const list = repeated.get(name);
    if (list === undefined) options.set(shorts.get(name) ?? name.slice(2), value);
    else lists.set(list, [...(lists.get(list) ?? []), value]);
  }
  return { options, lists, sources };
}

function splitInline(word: string): readonly [string, string?] {
  const at = word.indexOf('=');
  return at < 0 ? [word] : [word.slice(0, at), word.slice(at + 1)];
}

function parsePair(word: string): readonly [string, string] {
  const at = word.indexOf('=');
  if (at <= 0 || !word.startsWith('/', at + 1)) throw new Error(`${word}: neither an option nor SOURCE=/TARGET`);
  return [word.slice(0, at), word.slice(at + 1)];
}
