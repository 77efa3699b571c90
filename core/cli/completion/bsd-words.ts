/**
 * Completion of the commands that read their words themselves, in BSD's way, from the tables that they read them by.
 * @module
 */
import { routeCommands, routeModifiers } from '#core/cli/route/route-words.ts';
import { setkeyFlagLetters } from '#core/cli/setkey-flags.ts';
import { ifconfigWords } from '#core/ifconfig/syntax.ts';
import { shells } from './shell-script.ts';
import { anyFile, either, nothing, wordsOf, type Completion, type LiveNames } from './candidate.ts';

/** What may follow `before`, the words between the command and the cursor. */
export type WordCompleter = (before: readonly string[], live: LiveNames) => Promise<Completion> | Completion;

/** Command → its completer. */
export const bsdCompleters: Readonly<Record<string, WordCompleter>> = {
  ifconfig: completeIfconfig,
  route: completeRoute,
  setkey: completeSetkey,
  sysctl: completeSysctl,
  completion: (before) => (before.length === 0 ? wordsOf(shells, 'shell') : nothing),
};

const ifconfigFlags = wordsOf(['-a', '-l', '-u', '-d', '-s', '-C', '-n', '-f'], 'flag of ifconfig');

async function completeIfconfig(before: readonly string[], live: LiveNames): Promise<Completion> {
  const last = before.at(-1) ?? '';
  if (/^-[a-z]*f$/.test(last)) return anyFile;
  const words = before.filter((word) => !/^-[aludsCvmnf]+$/.test(word));
  if (words.length === 0) return either(wordsOf(await live.interfaces(), 'interface'), ifconfigFlags);
  return wordsOf(['-f', ...ifconfigWords], 'word of ifconfig');
}

async function completeRoute(before: readonly string[], live: LiveNames): Promise<Completion> {
  const words = before.filter((word) => !/^-[nqvf]+$/.test(word));
  const [command] = words;
  if (command === undefined) return wordsOf(routeCommands, 'command of route');
  const last = words.at(-1) ?? '';
  if (last === '-interface' || last === '-ifp') return wordsOf(await live.interfaces(), 'interface');
  const taking: readonly string[] = routeModifiers.taking;
  if (taking.includes(last) || command === 'get') return nothing;
  if (command === 'show' || command === 'flush') return wordsOf(['-inet', '-inet6'], 'family');
  return wordsOf(
    ['default', ...routeModifiers.bare, ...routeModifiers.taking],
    words.length === 1 ? 'destination or modifier' : 'modifier of route',
  );
}

function completeSetkey(before: readonly string[]): Completion {
  const last = before.at(-1) ?? '';
  if (/^-[a-zA-Z]*f$/.test(last)) return anyFile;
  const flags = setkeyFlagLetters.map((letter) => `-${letter}`);
  const words = wordsOf([...flags, '-DP', '-DPv', '-FP', '-Dl', '-xx', '--no-keys'], 'flag of setkey');
  return before.some((word) => /^-.*[cDFxV]/.test(word)) ? words : either(words, anyFile);
}

async function completeSysctl(_before: readonly string[], live: LiveNames): Promise<Completion> {
  return wordsOf(['-a', '-n', '-w', ...(await live.sysctls())], 'name of sysctl');
}
