/**
 * The commands of `culvert`, in the order of its help. Each group is loaded when one of its commands is given, so that
 * none waits for what the others are made of.
 * @module
 */
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import type { HelperClient } from '#core/client/helper-client.ts';
import type { Terminal } from './terminal.ts';

/** What commands stand on. */
export type CommandSurroundings = {
  readonly terminal: Terminal;
  readonly version: string;
  /** Read when a command runs: the option for it may stand before the command. */
  readonly socketPath: () => string;
  readonly connect: () => Promise<HelperClient>;
  readonly setStatus: (status: number) => void;
};

/** Titles of the help, in its order. */
type GroupTitle =
  'Tunnels that are saved' | 'What is, and what is wrong' | 'As on BSD' | 'Whole configurations' | 'Shell';

/** Commands that come together. */
export type CommandGroup = {
  readonly title: GroupTitle;
  readonly names: readonly string[];
  /** One that looks at all others. */
  readonly knowsAll?: true;
  readonly add: (program: Command, around: CommandSurroundings) => Promise<void>;
};

/** All of them. */
export const commandGroups: readonly CommandGroup[] = [
  {
    title: 'Tunnels that are saved',
    names: ['profile', 'up', 'down'],
    async add(program, around) {
      (await import('./profile/profile-program.ts')).addProfileCommands(program, around, around.setStatus);
    },
  },
  {
    title: 'Tunnels that are saved',
    names: ['export'],
    async add(program, around) {
      (await import('./export/export-command.ts')).addExportCommand(program, around, around.setStatus);
    },
  },
  {
    title: 'Tunnels that are saved',
    names: ['import'],
    async add(program, around) {
      (await import('./import/import-command.ts')).addImportCommand(program, around, around.setStatus);
    },
  },
  {
    title: 'What is, and what is wrong',
    names: ['status'],
    async add(program, around) {
      const { runStatus } = await import('./status/status-command.ts');
      program
        .command('status')
        .description('show what every tunnel is doing')
        .option('--json', 'print everything as one JSON object')
        .option('-v, --verbose', 'show what the replay windows have seen, too')
        .helpOption('-h, --help', 'print this help')
        .action(async ({ json, verbose }: { readonly json?: boolean; readonly verbose?: boolean }) =>
          around.setStatus(await runStatus({ ...around, isJson: json === true, isVerbose: verbose === true })),
        );
    },
  },
  {
    title: 'What is, and what is wrong',
    names: ['diagnose'],
    async add(program, around) {
      (await import('./diagnose/diagnose-program.ts')).addDiagnose(program, around, around.setStatus);
    },
  },
  { title: 'What is, and what is wrong', names: ['ui'], add: addUi },
  {
    title: 'What is, and what is wrong',
    names: ['decrypt'],
    add: async (program, around) => (await import('./decrypt-program.ts')).addDecrypt(program, around),
  },
  {
    title: 'As on BSD',
    names: ['ifconfig'],
    async add(program, around) {
      const { ifconfigHelp, runIfconfig } = await import('./ifconfig/ifconfig-command.ts');
      const description = 'show and configure ipsecN interfaces';
      bsdCommand(program, 'ifconfig', description, '[-a | ipsecN [WORD …]]', ifconfigHelp).action(
        async (words: string[]) => around.setStatus(await runIfconfig(words, around)),
      );
    },
  },
  {
    title: 'As on BSD',
    names: ['setkey'],
    async add(program, around) {
      const { setkeyHelp, runSetkeyCommand } = await import('./setkey-command.ts');
      const usage = '[-nv] FILE … | -c | -f FILE | -D | -DP | -F | -FP | -x | -V';
      bsdCommand(program, 'setkey', 'show and change associations and policies', usage, setkeyHelp).action(
        async (words: string[]) => around.setStatus(await runSetkeyCommand(words, around)),
      );
    },
  },
  {
    title: 'As on BSD',
    names: ['route'],
    async add(program, around) {
      const { routeHelp, runRoute } = await import('./route/route-command.ts');
      const usage = '[-nqv] show | get | add | change | delete | flush [WORD …]';
      bsdCommand(program, 'route', 'show and change the routes through ipsecN interfaces', usage, routeHelp).action(
        async (words: string[]) => around.setStatus(await runRoute(words, around)),
      );
    },
  },
  {
    title: 'As on BSD',
    names: ['sysctl'],
    async add(program, around) {
      const { sysctlHelp, runSysctl } = await import('./sysctl-command.ts');
      const description = 'show and set what holds for all interfaces';
      bsdCommand(program, 'sysctl', description, '[-a | NAME | NAME=VALUE] …', sysctlHelp).action(
        async (words: string[]) => around.setStatus(await runSysctl(words, around)),
      );
    },
  },
  {
    title: 'Whole configurations',
    names: ['check'],
    async add(program, around) {
      (await import('./check/check-command.ts')).addCheckCommand(program, around, around.setStatus);
    },
  },
  {
    title: 'Whole configurations',
    names: ['plan', 'diff', 'apply', 'confirm'],
    async add(program, around) {
      (await import('./plan/plan-program.ts')).addPlanCommands(program, around, around.setStatus);
    },
  },
  {
    title: 'Shell',
    names: ['completion'],
    knowsAll: true,
    async add(program, around) {
      const { completionHelp, runCompletion } = await import('./completion/completion-command.ts');
      const description = 'print what makes a shell complete culvert';
      bsdCommand(program, 'completion', description, 'bash | zsh | fish', completionHelp).action(
        async (words: string[]) => around.setStatus(await runCompletion(words, { ...around, program })),
      );
    },
  },
];

async function addUi(
  program: Command,
  { terminal, version, socketPath, setStatus }: CommandSurroundings,
): Promise<void> {
  const { runUi, uiHelp } = await import('./ui-command.ts');
  program
    .command('ui')
    .description('show the window in a browser, served on loopback')
    .option('--open', 'open the browser')
    .option('--port <number>', 'listen there instead of on any free port', '0')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', uiHelp)
    .action(async (options: { readonly open?: boolean; readonly port: string }) => {
      const request = { socketPath: socketPath(), version, opens: options.open === true };
      const pageFolder = fileURLToPath(new URL('../../dist/renderer', import.meta.url));
      const ended = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
      setStatus(await runUi({ ...request, port: options.port, pageFolder, ended }, terminal));
    });
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
