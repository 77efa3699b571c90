/**
 * `culvert export`: a saved tunnel for another system, or for the other end. Keys go along only with `--with-keys`, and
 * the command says what the files hold.
 * @module
 */
import { Option, type Command } from 'commander';
import { exitStatusOf } from '#core/cli/complaint.ts';
import { withHelper, type HelperSurroundings } from '#core/cli/helper-session.ts';
import { exportFormatNames, exportFormats, type ExportFormatName } from '#core/profile/export/export-format.ts';
import { textForTerminal, writeExport, type WrittenFile } from './export-output.ts';

/** What commander gives. */
type ExportFlags = {
  readonly format: ExportFormatName;
  readonly peer?: boolean;
  readonly host?: string;
  readonly withKeys?: boolean;
  readonly output?: string;
};

/** Text of `culvert export --help`. */
const exportHelp = `
Formats:
${exportFormatNames.map((name) => `  ${name.padEnd(10)}${exportFormats[name].label}`).join('\n')}

Examples:
  culvert export office --format netbsd --peer --with-keys -o other-end/     the other end's files, in a folder
  culvert export office --format linux -o office.sh                          with placeholders for the keys
  culvert export office --format qr                                          on the terminal; -o office.svg as a picture

FILE may be a folder, or end in /: then each file has its own name. Files with keys are for their owner alone (0600).
`;

/** Add it to the program. */
export function addExportCommand(
  program: Command,
  around: HelperSurroundings,
  setStatus: (status: number) => void,
): void {
  program
    .command('export')
    .description('write a saved tunnel for another system, or for the other end')
    .argument('<name>', 'name of a profile')
    .addOption(new Option('--format <format>', 'what to write').choices(exportFormatNames).makeOptionMandatory())
    .option('--peer', 'for the other end: addresses, SPIs and directions swapped')
    .option('--host <address>', 'with --peer: how the other end reaches this one, as from behind a NAT box')
    .option('--with-keys', 'write the keys, too; otherwise placeholders stand for them')
    .option('-o, --output <file>', 'write there instead of to standard output')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', exportHelp)
    .action(async (name: string, flags: ExportFlags) => setStatus(await runExport(name, flags, around)));
}

/** Run `export`. Returns the exit status. */
function runExport(name: string, flags: ExportFlags, around: HelperSurroundings): Promise<number> {
  const { format, peer, host, withKeys, output } = flags;
  const { terminal } = around;
  return exitStatusOf('export', terminal, async () => {
    const asked = { isPeer: peer === true, withKeys: withKeys === true, ownHost: host ?? null };
    const { files, notes } = await withHelper(around, (client) =>
      client.call('profile.export', { name, format, ...asked }),
    );
    const row = exportFormats[format];
    const toFile = output !== undefined && output !== '-';
    const written = toFile ? await writeExport(files, row, output) : [];
    if (!toFile) terminal.print(textForTerminal(files, row));
    const what = { written, holdsKeys: files.some(({ holdsKeys }) => holdsKeys) };
    terminal.complain([...notes, ...told(flags, what)].map((line) => `export: ${line}\n`).join(''));
    return 0;
  });
}

/** What was written where, and what of the keys is in it. */
function told(
  { format, peer, withKeys }: ExportFlags,
  { written, holdsKeys }: { readonly written: readonly WrittenFile[]; readonly holdsKeys: boolean },
): string[] {
  const end = peer === true ? 'the other end' : 'this end';
  const lines = written.map(({ path, holdsKeys: secret }) =>
    secret
      ? `${path}: for ${end}; it holds the keys of the tunnel, and only its owner may read it (0600)`
      : `${path}: for ${end}; it holds no keys`,
  );
  if (holdsKeys && written.length === 0) lines.push('this text holds the keys of the tunnel: keep it to yourself');
  if (withKeys === true && !holdsKeys) lines.push(`${format} has no place for keys made by hand: none are written`);
  if (withKeys !== true && exportFormats[format].carriesKeys) lines.push('keys are left out; --with-keys writes them');
  return lines;
}
