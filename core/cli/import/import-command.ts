/**
 * `culvert import`: tunnels that other systems' files describe, as profiles. It shows what would be saved and what has no
 * place before anything changes; `--yes` saves it. Keys go to the helper and are shown by nobody.
 * @module
 */
import { Option, type Command } from 'commander';
import type { ImportAnswer } from '#core/api/profile-contract.ts';
import type { HelperClient } from '#core/client/helper-client.ts';
import { readNamedFiles } from '#core/cli/named-file.ts';
import { exitStatusOf } from '#core/cli/complaint.ts';
import { withHelper, type HelperSurroundings } from '#core/cli/helper-session.ts';
import type { Terminal } from '#core/cli/terminal.ts';
import { importFormatNames, type ImportFormat } from '#core/profile/import/import-format.ts';
import { formatImport } from './import-output.ts';

/** Text of `culvert import --help`. */
const importHelp = `
FILE is what culvert export writes, /etc/ifconfig.ipsecN, ipsec.conf, rc.conf and route.conf of NetBSD or FreeBSD, what
ip xfrm state, ip xfrm policy and ip -d address print (in one file), commands of ip, swanctl.conf, or the text of a QR
code; - is standard input. Give all files of one machine together. Dumps of ip hold keys: write them to a file that only
you may read.

Examples:
  culvert import /etc/ifconfig.ipsec0 /etc/ipsec.conf             show what would be saved
  culvert import --yes --name office /etc/ifconfig.ipsec0 /etc/ipsec.conf

Exit status: 0 when something can be saved, or was; 1 otherwise.
`;

/** What commander gives. */
export type ImportFlags = {
  readonly format?: ImportFormat;
  readonly yes?: boolean;
  readonly name?: readonly string[];
  readonly json?: boolean;
};

/** Add it to the program. */
export function addImportCommand(
  program: Command,
  around: HelperSurroundings,
  setStatus: (status: number) => void,
): void {
  const collect = (word: string, words: readonly string[] = []): readonly string[] => [...words, word];
  program
    .command('import')
    .description('read tunnels from files of this and other systems')
    .argument('<file...>', 'files, or - for standard input')
    .addOption(
      new Option('--format <format>', 'what the files are (default: told by themselves)').choices(importFormatNames),
    )
    .option('--yes', 'save what was read')
    .option('--name <name>', 'name of the profile; once for each, in order', collect)
    .option('--json', 'print everything as one JSON object')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', importHelp)
    .action(async (files: string[], flags: ImportFlags) => setStatus(await runImport(files, flags, around)));
}

/** Run `import`. Returns the exit status. */
export function runImport(paths: readonly string[], flags: ImportFlags, around: HelperSurroundings): Promise<number> {
  const { terminal } = around;
  return exitStatusOf('import', terminal, async () => {
    const files = await readNamedFiles(paths, terminal);
    return withHelper(around, async (client) => {
      const answer = await client.call('profile.import', { files, format: flags.format ?? null, joins: null });
      return report(answer, flags, client, terminal);
    });
  });
}

async function report(
  answer: ImportAnswer,
  { yes, name: names = [], json }: ImportFlags,
  client: HelperClient,
  terminal: Terminal,
): Promise<number> {
  const { token, profiles } = answer;
  // The token would save it: it is for this command only.
  const shown = { profiles, unmapped: answer.unmapped };
  if (json !== true) terminal.print(formatImport(answer, names));
  if (token === null || yes !== true) {
    if (json === true) terminal.print(`${JSON.stringify({ ...shown, saved: [] }, null, 2)}\n`);
    if (token === null) terminal.complain('import: there is no tunnel in these files\n');
    else terminal.complain('import: nothing was saved; --yes saves it\n');
    return token === null ? 1 : 0;
  }
  const { profiles: saved } = await client.call('profile.saveImport', { token, names: [...names] });
  const savedNames = saved.map(({ profile }) => profile.name);
  if (json === true) terminal.print(`${JSON.stringify({ ...shown, saved: savedNames }, null, 2)}\n`);
  else for (const name of savedNames) terminal.print(`saved: ${name}\n`);
  return 0;
}
