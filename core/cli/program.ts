/**
 * The command line of `culvert`: which commands there are, their help, and what happens with words that are none.
 * @module
 */
import { Command, CommanderError, Help } from 'commander';
import { defaultSocketPath } from '#core/client/socket-path.ts';
import { commandGroups, type CommandGroup } from './command-table.ts';
import { layOutHelp, usualWidth } from './help/help-layout.ts';
import type { Terminal } from './terminal.ts';

/** What the program stands on. */
export type ProgramSurroundings = {
  readonly terminal: Terminal;
  readonly version: string;
  /** `$CULVERT_SOCKET`; undefined for the default path. */
  readonly socketPath: string | undefined;
};

const overview = `
Example, on the first of two gateways:
  culvert ifconfig ipsec0 create
  culvert ifconfig ipsec0 tunnel 192.0.2.1 198.51.100.1
  culvert ifconfig ipsec0 inet 172.16.100.1/32 172.16.200.1
  culvert setkey -f sa.conf
  culvert status

The helper culvertd must run, but for check, decrypt and diff of files; it needs root. Exit status: 0 when all was
done, 1 otherwise; plan and diff end with 2 when something changes.
`;

/** Run `culvert` with `words` (without the program's own name). Returns the exit status. */
export async function runCulvert(words: readonly string[], surroundings: ProgramSurroundings): Promise<number> {
  let status = 0;
  const ordered = withSocketFirst(words);
  const program = createProgram(surroundings, commandOf(ordered));
  const socketPath = (): string => socketPathOf(program, surroundings);
  const around = {
    ...{ terminal: surroundings.terminal, version: surroundings.version, socketPath },
    connect: async () => (await import('#core/client/helper-client.ts')).connectHelper(socketPath()),
    setStatus: (exitStatus: number) => void (status = exitStatus),
  };
  try {
    for (const { title, add } of groupsFor(ordered)) {
      program.commandsGroup(`${title}:`);
      await add(program, around);
    }
    await program.parseAsync(ordered, { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 1;
    throw error;
  }
}

/** Below `culvert` a name says enough: its words stand in its own help. */
function subcommandTerm(command: Command): string {
  return command.parent?.parent === null ? command.name() : new Help().subcommandTerm(command);
}

/** `command` is the one that was given; null where none is known by its name. */
function createProgram({ terminal, version }: ProgramSurroundings, command: string | null): Command {
  const width = terminal.columns ?? usualWidth;
  const where = command === null ? 'culvert --help lists the commands' : `culvert ${command} --help says how`;
  return new Command('culvert')
    .description('route-based IPsec tunnels, as NetBSD’s ipsecif(4)')
    .version(version, '-V, --version', 'print the version')
    .option('--socket <path>', `control socket of culvertd, or $CULVERT_SOCKET (default: ${defaultSocketPath})`)
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .usage('[--socket PATH] COMMAND …')
    .addHelpText('after', overview)
    .enablePositionalOptions()
    .configureHelp({ subcommandTerm })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.print(layOutHelp(text, width)),
      writeErr: (text) => terminal.complain(layOutHelp(text, width)),
      getOutHelpWidth: () => width,
      getErrHelpWidth: () => width,
      outputError: (text) => terminal.complain(`culvert: ${oneLine(text)}; ${where}\n`),
    });
}

/** The command of `words` behind `--socket`; null where they name none. */
function commandOf(words: readonly string[]): string | null {
  const at = words[0] === '--socket' ? 2 : words[0]?.startsWith('--socket=') === true ? 1 : 0;
  const word = words[at] ?? '';
  return commandGroups.some(({ names }) => names.includes(word)) ? word : null;
}

/** The group that has the command of `words`; all where they name none: help lists them, and a mistake is told from them. */
function groupsFor(words: readonly string[]): readonly CommandGroup[] {
  const command = commandOf(words);
  const group = commandGroups.find(({ names }) => command !== null && names.includes(command));
  return group === undefined || group.knowsAll === true ? commandGroups : [group];
}

/** `--socket PATH` behind the command, too: no command has a word of that name. Without a path nothing else is read. */
function withSocketFirst(words: readonly string[]): readonly string[] {
  // What a shell wants completed is no word of ours yet.
  if (words[0] === 'completion') return words;
  const at = words.findIndex((word) => word === '--socket' || word.startsWith('--socket='));
  if (at < 0) return words;
  const length = words[at] === '--socket' ? 2 : 1;
  if (at + length > words.length) return ['--socket'];
  return [...words.slice(at, at + length), ...words.slice(0, at), ...words.slice(at + length)];
}

function socketPathOf(program: Command, { socketPath }: ProgramSurroundings): string {
  const { socket } = program.opts<{ readonly socket?: string }>();
  return socket ?? socketPath ?? defaultSocketPath;
}

/** commander's message, which may add a suggestion on a line of its own. */
function oneLine(text: string): string {
  return text
    .replace(/^error: /, '')
    .trim()
    .replace(/\s*\n\s*/g, ' ');
}
