/**
 * The flags of `culvert setkey`, in setkey(8)'s way: single letters that may stand together (`-DP`, `-nf FILE`).
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { nearestWord } from '#core/setkey/nearest-word.ts';

/** What to do. */
export type SetkeyRequest =
  | {
      readonly kind: 'run';
      readonly file: string | null;
      readonly semantics: 'file' | 'statements' | 'check';
    }
  | { readonly kind: 'dump'; readonly what: 'associations' | 'policies'; readonly withKeys: boolean }
  | { readonly kind: 'flush'; readonly what: 'associations' | 'policies' };

const longFlags = ['--no-keys', '--help'];

/** Read the flags. `file` is null for standard input. @throws {IpsecError} `SETKEY_USAGE`. */
export function parseSetkeyFlags(words: readonly string[]): SetkeyRequest {
  const letters = new Set<string>();
  let file: string | null = null;
  let withKeys = true;
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--no-keys') {
      withKeys = false;
      continue;
    }
    if (word.startsWith('--') || !/^-./.test(word)) refuseWord(word);
    for (let index = 1; index < word.length; index++) {
      const letter = word.charAt(index);
      if (!'cfDFPn'.includes(letter)) refuse(`unknown flag "-${letter}" in "${word.slice(0, 40)}"`);
      letters.add(letter);
      if (letter !== 'f') continue;
      file = word.slice(index + 1) || rest.shift() || refuse('-f needs the name of a file, or - for standard input');
      break;
    }
  }
  return toRequest(letters, file === '-' ? null : file, withKeys);
}

function toRequest(letters: ReadonlySet<string>, file: string | null, withKeys: boolean): SetkeyRequest {
  const actions = ['c', 'f', 'D', 'F'].filter((letter) => letters.has(letter));
  const [action] = actions;
  if (action === undefined) refuse('one of -c, -f, -D and -F is needed');
  if (actions.length > 1) refuse(`-${actions.join(' and -')} exclude each other`);
  const what = letters.has('P') ? 'policies' : 'associations';
  if (action === 'c' || action === 'f') {
    if (letters.has('P')) refuse('-P goes with -D or -F');
    const semantics = letters.has('n') ? 'check' : action === 'c' ? 'statements' : 'file';
    return { kind: 'run', file: action === 'c' ? null : file, semantics };
  }
  if (letters.has('n')) refuse('-n goes with -c or -f');
  return action === 'D' ? { kind: 'dump', what, withKeys } : { kind: 'flush', what };
}

function refuseWord(word: string): never {
  const nearest = nearestWord(word, longFlags);
  refuse(`unknown word "${word.slice(0, 40)}"${nearest === null ? '' : `; did you mean "${nearest}"?`}`);
}

function refuse(message: string): never {
  throw new IpsecError('SETKEY_USAGE', message);
}
