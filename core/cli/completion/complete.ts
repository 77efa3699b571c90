/**
 * What may stand where the cursor is, derived from the commands themselves: names, options and arguments come from
 * commander's registry, BSD's words from the tables that those commands are read by (bsd-words.ts).
 * @module
 */
import type { Command, Option } from 'commander';
import { bsdCompleters } from './bsd-words.ts';
import { anyFile, either, nothing, wordsOf, type Completion, type LiveNames } from './candidate.ts';

/** Names of options' and arguments' values that are files. */
const fileNames = /^(file2?|sas|path|pcapng|capture)$/;

/** Complete the word behind `before`, the words after the program's own name. */
export async function complete(program: Command, before: readonly string[], live: LiveNames): Promise<Completion> {
  let command = program;
  let rest = before;
  while (rest.length > 0) {
    const [word = '', ...more] = rest;
    const option = findOption(command, word);
    // `--option VALUE` and `--option=VALUE` stand before the next command, too.
    const taken = option?.required === true && !word.includes('=') ? 1 : 0;
    if (option !== null && more.length < taken) return completeValue(option);
    const next = command.commands.find((each) => each.name() === word);
    if (option === null && next === undefined) break;
    if (next !== undefined) command = next;
    rest = more.slice(taken);
    const completer = command.parent === program ? bsdCompleters[command.name()] : undefined;
    if (next !== undefined && completer !== undefined) return completer(rest, live);
  }
  return completeCommand(command, rest, live);
}

async function completeCommand(command: Command, rest: readonly string[], live: LiveNames): Promise<Completion> {
  const last = findOption(command, rest.at(-1) ?? '');
  if (last?.required === true && !(rest.at(-1) ?? '').includes('=')) return completeValue(last);
  const names = {
    candidates: command.commands.map((each) => ({ word: each.name(), about: each.description() })),
    takesFile: false,
  };
  const options = command.options.filter(({ hidden }) => !hidden);
  const flags = {
    candidates: options.map((option) => ({ word: option.long ?? option.short ?? '', about: option.description })),
    takesFile: false,
  };
  return either(names, await completeArgument(command, positionOf(command, rest), live), flags, helpFlag);
}

const helpFlag = wordsOf(['--help'], 'print the help');

async function completeArgument(command: Command, position: number, live: LiveNames): Promise<Completion> {
  const known = command.registeredArguments;
  const argument = known[position] ?? (known.at(-1)?.variadic === true ? known.at(-1) : undefined);
  if (argument === undefined) return nothing;
  if (argument.argChoices !== undefined) return wordsOf(argument.argChoices, argument.name());
  if (fileNames.test(argument.name())) return anyFile;
  // A new name is nobody's yet.
  if (argument.name() === 'name' && command.name() !== 'create') return wordsOf(await live.profiles(), 'profile');
  return nothing;
}

/** How many arguments stand there already: options and their values are none. */
function positionOf(command: Command, rest: readonly string[]): number {
  let position = 0;
  for (let index = 0; index < rest.length; index++) {
    const word = rest[index] ?? '';
    const option = findOption(command, word);
    if (option === null) position++;
    else if (option.required && !word.includes('=')) index++;
  }
  return position;
}

function completeValue(option: Option): Completion {
  if (option.argChoices !== undefined) return wordsOf(option.argChoices, option.name());
  const value = /[<[]([^>\]]+)/.exec(option.flags)?.[1] ?? '';
  return fileNames.test(value) ? anyFile : nothing;
}

function findOption(command: Command, word: string): Option | null {
  if (!word.startsWith('-')) return null;
  const [name] = word.split('=', 1);
  return command.options.find(({ long, short }) => long === name || short === name) ?? null;
}
