/**
 * The command line of `culvert`: which commands there are, their help, and what happens with words that are none.
 * @module
 */
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Command, CommanderError } from 'commander';
import { connectHelper, defaultSocketPath } from '#core/client/helper-client.ts';
import { addCheckCommand } from './check/check-command.ts';
import { completionHelp, runCompletion } from './completion/completion-command.ts';
import { decryptHelp, runDecrypt, type DecryptRequest } from './decrypt-command.ts';
import { addExportCommand } from './export/export-command.ts';
import { addDiagnose } from './diagnose/diagnose-program.ts';
import { ifconfigHelp, runIfconfig } from './ifconfig/ifconfig-command.ts';
import { addImportCommand } from './import/import-command.ts';
import { addPlanCommands } from './plan/plan-program.ts';
import { addProfileCommands } from './profile/profile-program.ts';
import { routeHelp, runRoute } from './route/route-command.ts';
import { runSetkeyCommand, setkeyHelp } from './setkey-command.ts';
import { runStatus } from './status-command.ts';
import { runSysctl, sysctlHelp } from './sysctl-command.ts';
import type { Terminal } from './terminal.ts';
import { runUi, uiHelp } from './ui-command.ts';

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
  const program = createProgram(surroundings, (exitStatus) => (status = exitStatus));
  try {
    await program.parseAsync(withSocketFirst(words), { from: 'user' });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 1;
    throw error;
  }
}

function createProgram(surroundings: ProgramSurroundings, setStatus: (status: number) => void): Command {
  const { terminal, version } = surroundings;
  const program = new Command('culvert')
    .description('route-based IPsec tunnels, as NetBSD’s ipsecif(4)')
    .version(version, '-V, --version', 'print the version')
    .option('--socket <path>', `control socket of culvertd, or $CULVERT_SOCKET (default: ${defaultSocketPath})`)
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .usage('[--socket PATH] COMMAND …')
    .addHelpText('after', overview)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.print(text),
      writeErr: (text) => terminal.complain(text),
      outputError: (text, write) => write(`culvert: ${oneLine(text)}; culvert --help lists the commands\n`),
    });
  const connect = (): ReturnType<typeof connectHelper> => connectHelper(socketPathOf(program, surroundings));
  bsdCommand(
    program,
    'ifconfig',
    'show and configure ipsecN interfaces',
    '[-a | ipsecN [WORD …]]',
    ifconfigHelp,
  ).action(async (words: string[]) => setStatus(await runIfconfig(words, { terminal, connect })));
  bsdCommand(
    program,
    'setkey',
    'show and change associations and policies',
    '[-nv] FILE … | -c | -f FILE | -D | -DP | -F | -FP | -x | -V',
    setkeyHelp,
  ).action(async (words: string[]) => setStatus(await runSetkeyCommand(words, { terminal, connect, version })));
  bsdCommand(
    program,
    'route',
    'show and change the routes through ipsecN interfaces',
    '[-nqv] show | get | add | change | delete | flush [WORD …]',
    routeHelp,
  ).action(async (words: string[]) => setStatus(await runRoute(words, { terminal, connect })));
  bsdCommand(
    program,
    'sysctl',
    'show and set what holds for all interfaces',
    '[-a | NAME | NAME=VALUE] …',
    sysctlHelp,
  ).action(async (words: string[]) => setStatus(await runSysctl(words, { terminal, connect })));
  program
    .command('status')
    .description('show what every tunnel is doing')
    .option('--json', 'print everything as one JSON object')
    .option('-v, --verbose', 'show what the replay windows have seen, too')
    .helpOption('-h, --help', 'print this help')
    .action(async ({ json, verbose }: { readonly json?: boolean; readonly verbose?: boolean }) =>
      setStatus(await runStatus({ terminal, connect, isJson: json === true, isVerbose: verbose === true })),
    );
  addDecrypt(program, terminal, setStatus);
  bsdCommand(
    program,
    'completion',
    'print what makes a shell complete culvert',
    'bash | zsh | fish',
    completionHelp,
  ).action(async (words: string[]) => setStatus(await runCompletion(words, { terminal, connect, program })));
  addProfileCommands(program, { terminal, connect }, setStatus);
  addExportCommand(program, { terminal, connect }, setStatus);
  addImportCommand(program, { terminal, connect }, setStatus);
  addCheckCommand(program, { terminal, connect }, setStatus);
  addPlanCommands(program, { terminal, connect }, setStatus);
  addDiagnose(program, { terminal, connect }, setStatus);
  addUi(program, surroundings, setStatus);
  return program;
}

function addDecrypt(program: Command, terminal: Terminal, setStatus: (status: number) => void): void {
  const collect = (word: string, words: readonly string[] = []): readonly string[] => [...words, word];
  program
    .command('decrypt')
    .description('decrypt a capture with the associations of a setkey file; needs no helper')
    .usage('CAPTURE -f SAS.conf [-w OUT.pcapng] [--json] [--no-replay]')
    .argument('<capture>', 'pcap or pcapng file, or - for standard input')
    .requiredOption('-f, --file <sas>', 'associations in setkey’s language, or - for standard input')
    .option('-w, --write <pcapng>', 'write inner packets, and dropped ones with the reason')
    .option('--json', 'print everything as one JSON object')
    .option('--no-replay', 'accept repeated and old sequence numbers, too')
    .option('--esn-high <spi=number>', 'upper 32 bits of an extended sequence number when the capture begins', collect)
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', decryptHelp)
    .action(async (capture: string, options: DecryptOptions) =>
      setStatus(await runDecrypt(toRequest(capture, options), terminal)),
    );
}

function addUi(program: Command, surroundings: ProgramSurroundings, setStatus: (status: number) => void): void {
  const { terminal, version } = surroundings;
  program
    .command('ui')
    .description('show the window in a browser, served on loopback')
    .option('--open', 'open the browser')
    .option('--port <number>', 'listen there instead of on any free port', '0')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', uiHelp)
    .action(async (options: { readonly open?: boolean; readonly port: string }) => {
      const request = { socketPath: socketPathOf(program, surroundings), version, opens: options.open === true };
      const pageFolder = fileURLToPath(new URL('../../dist/renderer', import.meta.url));
      const ended = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
      setStatus(await runUi({ ...request, port: options.port, pageFolder, ended }, terminal));
    });
}

type DecryptOptions = {
  readonly file: string;
  readonly write?: string;
  readonly json?: boolean;
  readonly replay: boolean;
  readonly esnHigh?: readonly string[];
};

function toRequest(capture: string, { file, write, json, replay, esnHigh }: DecryptOptions): DecryptRequest {
  const output = write ?? null;
  return { capture, associations: file, output, isJson: json === true, checksReplay: replay, highWords: esnHigh ?? [] };
}

/** A command that reads its words itself, in BSD's way: `-a`, `-link2` and `-DP` are no options of ours. */
function bsdCommand(program: Command, name: string, description: string, usage: string, help: string): Command {
  return program
    .command(name)
    .description(description)
    .usage(usage)
    .argument('[words...]')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', help)
    .allowUnknownOption()
    .passThroughOptions();
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
