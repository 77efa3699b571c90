/**
 * The commands `plan`, `diff`, `apply` and `confirm` with their flags and help.
 * @module
 */
import type { Command } from 'commander';
import type { HelperSurroundings } from '#core/cli/helper-session.ts';
import { runApply, runConfirm, runDiff, runPlan, type ConfirmFlags } from './plan-command.ts';

type SetStatus = (status: number) => void;
type JsonFlag = { readonly json?: boolean };

const filesHelp = `
FILE is setkey text, /etc/ifconfig.ipsecN or a profile as JSON with its keys; - is standard input. A file of an interface
says which interfaces there are, all of them; setkey text says which associations and policies there are, all of them; a
profile says its own tunnel. What profiles have brought up (culvert up) is left alone.
`;

const statusHelp = `
Exit status: 0 when nothing changes, 2 when something does, 1 for an error.
`;

const applyHelp = `
All of it is done or nothing. What is as the files say is not touched: its associations keep their sequence numbers.
With --confirm the helper takes the change back by itself unless culvert confirm comes within that time, also when this
command or the connection has died: for a change that may cut the way to the machine. What was removed comes back then
with its device, addresses and routes.

Exit status: 0 when it was done, 1 otherwise.
`;

const diffHelp = `
A and B are a file, several with commas between them, or the word running (the machine).
${statusHelp}`;

/** Add them to the program. */
export function addPlanCommands(program: Command, around: HelperSurroundings, setStatus: SetStatus): void {
  const add = (name: string, description: string, help: string): Command =>
    program
      .command(name)
      .description(description)
      .option('--json', 'print everything as one JSON object')
      .helpOption('-h, --help', 'print this help')
      .addHelpText('after', help);
  add('plan', 'show what files would change of the machine', `${filesHelp}${statusHelp}`)
    .argument('<file...>', 'files, or - for standard input')
    .action(async (files: string[], { json }: JsonFlag) => setStatus(await runPlan(files, json === true, around)));
  add('diff', 'show what is different between two sets of files, or files and the machine', `${diffHelp}${filesHelp}`)
    .argument('<file>', 'one side: files, or running')
    .argument('<file2>', 'the other side')
    .action(async (before: string, after: string, { json }: JsonFlag) =>
      setStatus(await runDiff([before, after], json === true, around)),
    );
  add('apply', 'make the machine what files say, all of it or nothing', `${filesHelp}${applyHelp}`)
    .argument('<file...>', 'files, or - for standard input')
    .option('--confirm <time>', 'take it back unless culvert confirm comes within this time (60s, 5m)')
    .action(async (files: string[], flags: JsonFlag & { readonly confirm?: string }) =>
      setStatus(await runApply(files, flags, around)),
    );
  add('confirm', 'keep the change that waits to be confirmed', '')
    .option('--revert', 'take it back instead')
    .option('--status', 'only tell what waits')
    .action(async (flags: ConfirmFlags) => setStatus(await runConfirm(flags, around)));
}
