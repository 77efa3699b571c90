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
      /** In order; null is standard input. */
      readonly files: readonly (string | null)[];
      readonly semantics: 'file' | 'statements' | 'check';
      /** -c: the exit status is 0 whatever happens. */
      readonly isStandardInput: boolean;
      /** Whether each statement is shown, keys hidden, before it is carried out. */
      readonly isVerbose: boolean;
    }
  | {
      readonly kind: 'dump';
      readonly what: 'associations' | 'policies';
      readonly withKeys: boolean;
      /** Whether what PF_KEY says of each policy is shown, too. */
      readonly isVerbose: boolean;
    }
  /** A line for each association, again and again. */
  | { readonly kind: 'loop' }
  | { readonly kind: 'flush'; readonly what: 'associations' | 'policies' }
  | { readonly kind: 'monitor'; readonly withTime: boolean }
  | { readonly kind: 'version' };

/** What the flags say. */
export type SetkeyFlags = {
  readonly request: SetkeyRequest;
  /** Letters that were given and do nothing here. */
  readonly ignored: readonly string[];
};

const longFlags = ['--no-keys', '--help'];
/** Letters that say what to do; FILE does, too. */
const actionLetters = ['c', 'f', 'D', 'F', 'x', 'V'];
/**
 * Every letter. -a: dead associations are not kept. -p: port ranges always print as ranges. -H, -h: there is no PF_KEY message to dump.
 * -k, -r: not supported on NetBSD either.
 */
export const setkeyFlagLetters: readonly string[] = [
  ...actionLetters,
  ...['P', 'n', 'v', 'l', 'a', 'p', 'H', 'h', 'k', 'r'],
];
const unsupported = ['H', 'h', 'k', 'r'];

type Words = {
  readonly counts: ReadonlyMap<string, number>;
  readonly files: readonly string[];
  readonly withKeys: boolean;
};

/** Read the flags. @throws {IpsecError} `SETKEY_USAGE`. */
export function parseSetkeyFlags(words: readonly string[]): SetkeyFlags {
  const read = readWords(words);
  const ignored = unsupported.filter((letter) => read.counts.has(letter));
  return { request: toRequest(read), ignored };
}

function readWords(words: readonly string[]): Words {
  const counts = new Map<string, number>();
  const files: string[] = [];
  let withKeys = true;
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--no-keys') withKeys = false;
    else if (word.startsWith('--')) refuseWord(word);
    else if (!/^-./.test(word)) files.push(word);
    else readLetters(word, counts, () => files.push(rest.shift() ?? refuseNoFile()), files);
  }
  return { counts, files, withKeys };
}

/** `-nfFILE` and `-nf FILE`: what follows an f is the name. */
function readLetters(word: string, counts: Map<string, number>, takeFile: () => void, files: string[]): void {
  for (let index = 1; index < word.length; index++) {
    const letter = word.charAt(index);
    if (!setkeyFlagLetters.includes(letter)) refuse(`unknown flag "-${letter}" in "${word.slice(0, 40)}"`);
    counts.set(letter, (counts.get(letter) ?? 0) + 1);
    if (letter !== 'f') continue;
    const name = word.slice(index + 1);
    if (name === '') takeFile();
    else files.push(name);
    return;
  }
}

function toRequest({ counts, files, withKeys }: Words): SetkeyRequest {
  const has = (letter: string): boolean => counts.has(letter);
  const actions = actionLetters.filter(has);
  if (actions.length > 1) refuse(`-${actions.join(' and -')} exclude each other`);
  const action = actions[0] ?? (files.length > 0 ? 'FILE' : has('l') ? 'D' : undefined);
  if (action === undefined) refuse('a file or one of -c, -f, -D, -F, -x and -V is needed');
  if (has('P') && action !== 'D' && action !== 'F') refuse('-P goes with -D or -F');
  if (has('n') && !['c', 'f', 'FILE'].includes(action)) refuse('-n goes with -c, -f or a file');
  if (has('l') && (action !== 'D' || has('P'))) refuse('-l goes with -D, without -P');
  if (files.length > 1 && action === 'f') refuse('-f takes one file; without -f there may be several');
  if (files.length > 0 && action !== 'f' && action !== 'FILE') refuse(`-${action} takes no file`);
  const what = has('P') ? 'policies' : 'associations';
  switch (action) {
    case 'D':
      return has('l') ? { kind: 'loop' } : { kind: 'dump', what, withKeys, isVerbose: has('v') };
    case 'F':
      return { kind: 'flush', what };
    case 'x':
      return { kind: 'monitor', withTime: (counts.get('x') ?? 0) > 1 };
    case 'V':
      return { kind: 'version' };
    default: {
      const semantics = has('n') ? 'check' : action === 'c' ? 'statements' : 'file';
      const named = files.map((file) => (file === '-' ? null : file));
      const isStandardInput = action === 'c';
      return { kind: 'run', files: isStandardInput ? [null] : named, semantics, isStandardInput, isVerbose: has('v') };
    }
  }
}

function refuseWord(word: string): never {
  const nearest = nearestWord(word, longFlags);
  refuse(`unknown word "${word.slice(0, 40)}"${nearest === null ? '' : `; did you mean "${nearest}"?`}`);
}

function refuseNoFile(): never {
  refuse('-f needs the name of a file, or - for standard input');
}

function refuse(message: string): never {
  throw new IpsecError('SETKEY_USAGE', message);
}
