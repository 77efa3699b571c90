/**
 * What `culvert ifconfig` is asked for: flags in ifconfig(8)'s way in front, then an interface and what to do with it.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { isInterfaceName } from '#core/ipsecif/interface.ts';
import type { InterfaceChange } from '#core/ifconfig/syntax.ts';
import { parseIfconfigWords } from './ifconfig-words.ts';

/** Which interfaces a list is of: `-u` those that are up, `-d` those that are down, `-s` those with a tunnel. */
export type IfconfigFilter = { readonly state: 'up' | 'down' | null; readonly isConnected: boolean };

/** What to do. */
export type IfconfigRequest =
  | { readonly kind: 'all' | 'names'; readonly filter: IfconfigFilter }
  | { readonly kind: 'cloners' }
  | { readonly kind: 'show'; readonly name: string }
  /** `-s`: the exit status tells whether there is a tunnel. */
  | { readonly kind: 'connected'; readonly name: string }
  | { readonly kind: 'change'; readonly name: string; readonly changes: readonly InterfaceChange[] }
  | {
      readonly kind: 'file';
      /** Whose file it is; null where its lines say so. */
      readonly name: string | null;
      /** Null is standard input. */
      readonly file: string | null;
      readonly semantics: 'file' | 'check';
    };

/** -v and -m have nothing to add here: there is no media. */
const letters = ['a', 'l', 'u', 'd', 's', 'C', 'v', 'm', 'f', 'n'];

type Words = { readonly letters: ReadonlySet<string>; readonly file: string | null; readonly rest: readonly string[] };

/** Read the words behind `ifconfig`. @throws {IpsecError} `IFCONFIG_WORD`, `INTERFACE_NAME` and what `parseIfconfigWords` throws. */
export function parseIfconfigRequest(words: readonly string[]): IfconfigRequest {
  const { letters: given, file, rest } = readFlags(words);
  const [name, ...more] = rest;
  if (name !== undefined) checkName(name);
  if (given.has('f')) return fileRequest(name ?? null, more, file ?? '', given.has('n'));
  if (given.has('n')) refuse('-n goes with -f', '-n');
  const filter = filterOf(given);
  if (given.has('C')) return alone({ kind: 'cloners' }, '-C', rest);
  if (given.has('l')) return alone({ kind: 'names', filter }, '-l', rest);
  if (given.has('a') || name === undefined) return alone({ kind: 'all', filter }, '-a', rest);
  if (given.has('s') && more.length === 0) return { kind: 'connected', name };
  const changes = parseIfconfigWords(more);
  return changes.length === 0 ? { kind: 'show', name } : { kind: 'change', name, changes };
}

/** Flags may also stand behind the interface, as in `ipsec0 -f FILE`; `-link0` and `-alias` are words. */
function readFlags(words: readonly string[]): Words {
  const given = new Set<string>();
  const rest: string[] = [];
  let file: string | null = null;
  const queue = [...words];
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    const isFlag = word.startsWith('-') && (rest.length === 0 || (rest.length === 1 && /^-[nf]+$/.test(word)));
    if (!isFlag) {
      rest.push(word);
      continue;
    }
    for (const letter of lettersOf(word)) given.add(letter);
    if (given.has('f') && file === null) file = queue.shift() ?? refuse('-f needs the name of a file', '-f');
  }
  return { letters: given, file, rest };
}

function lettersOf(word: string): string[] {
  const found = [...word.slice(1)];
  const isKnown = found.length > 0 && found.every((letter) => letters.includes(letter));
  return isKnown ? found : refuse(`unknown option "${word.slice(0, 40)}"`, word);
}

function filterOf(given: ReadonlySet<string>): IfconfigFilter {
  const state = given.has('u') ? 'up' : given.has('d') ? 'down' : null;
  if (given.has('u') && given.has('d')) refuse('-u and -d exclude each other', '-d');
  return { state, isConnected: given.has('s') };
}

/** A file of the name that NetBSD reads at boot tells by it whose it is. */
function fileRequest(name: string | null, more: readonly string[], file: string, isCheck: boolean): IfconfigRequest {
  if (more.length > 0) refuse('-f takes no further words', '-f');
  const named = /(?:^|\/)ifconfig\.(ipsec(?:0|[1-9][0-9]{0,9}))$/.exec(file);
  const semantics = isCheck ? 'check' : 'file';
  return { kind: 'file', name: name ?? named?.[1] ?? null, file: file === '-' ? null : file, semantics };
}

function alone(request: IfconfigRequest, flag: string, rest: readonly string[]): IfconfigRequest {
  return rest.length === 0 ? request : refuse(`"${flag}" takes no further words`, flag);
}

function checkName(name: string): void {
  if (isInterfaceName(name)) return;
  const message = `"${name.slice(0, 40)}" is not the name of an ipsec interface`;
  throw new IpsecError('INTERFACE_NAME', message, { field: 'name' });
}

function refuse(message: string, word: string): never {
  throw new IpsecError('IFCONFIG_WORD', message, { word });
}
