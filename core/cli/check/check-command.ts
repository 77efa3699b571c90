/**
 * `culvert check`: what is wrong or doubtful in configuration files. Works without the helper; where one answers, it
 * tells the machine's networks. Exit status 0 when no finding is an error, 1 otherwise.
 * @module
 */
import type { Command } from 'commander';
import { IpsecError } from '#core/base/error.ts';
import { exitStatusOf } from '#core/cli/complaint.ts';
import { withHelper, type HelperSurroundings } from '#core/cli/helper-session.ts';
import { readNamedFiles } from '#core/cli/named-file.ts';
import type { IpPrefix } from '#core/ip/prefix.ts';
import { checkFiles, type CheckReport } from '#core/lint/check.ts';
import type { Finding } from '#core/lint/finding.ts';
import type { LocalNetwork } from '#core/lint/network-rule.ts';

/** Text of `culvert check --help`. */
const checkHelp = `
FILE is setkey text, /etc/ifconfig.ipsecN or a profile as JSON; - is standard input. Files are checked together, as one
machine's: give the file of the interface beside that of its associations. Keys are never printed.

Exit status: 0 when there is no error (warnings and notices may be), 1 when there is one. docs/findings.md has every code.
`;

/** Add it to the program. */
export function addCheckCommand(
  program: Command,
  around: HelperSurroundings,
  setStatus: (status: number) => void,
): void {
  program
    .command('check')
    .description('find what is wrong or doubtful in configuration files; needs no helper')
    .argument('<file...>', 'setkey text, ifconfig.ipsecN or a profile, or - for standard input')
    .option('--json', 'print everything as one JSON object')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', checkHelp)
    .action(async (files: string[], { json }: { readonly json?: boolean }) =>
      setStatus(await runCheck(files, json === true, around)),
    );
}

/** Run `check`. Returns the exit status. */
export function runCheck(files: readonly string[], isJson: boolean, around: HelperSurroundings): Promise<number> {
  const { terminal } = around;
  return exitStatusOf('check', terminal, async () => {
    const texts = await readNamedFiles(files, terminal);
    const report = checkFiles(texts, await localNetworks(around));
    terminal.print(isJson ? `${JSON.stringify(report, null, 2)}\n` : formatReport(report));
    return report.findings.some(({ severity }) => severity === 'error') ? 1 : 0;
  });
}

/** The report for people. */
function formatReport({ findings, skipped }: CheckReport): string {
  const count = (severity: Finding['severity']): number => findings.filter((each) => each.severity === severity).length;
  const numbers = (['error', 'warning', 'notice'] as const)
    .filter((severity) => count(severity) > 0)
    .map((severity) => `${count(severity)} ${severity}${count(severity) === 1 ? '' : 's'}`);
  return [
    ...findings.map(formatFinding),
    ...skipped.map((line) => `skipped: ${line}\n`),
    numbers.length === 0 ? 'nothing found\n' : `${numbers.join(', ')}\n`,
  ].join('');
}

function formatFinding({ file, line, column, severity, code, message, reason, fix }: Finding): string {
  return `${file}:${line}:${column}: ${severity} ${code}: ${message}\n    why: ${reason}\n    fix: ${fix}\n`;
}

/** Null where no helper answers, or it does not tell. */
async function localNetworks(around: HelperSurroundings): Promise<LocalNetwork[] | null> {
  try {
    const { addresses } = await withHelper(around, (client) => client.call('host.networks', {}));
    return addresses
      .filter(({ device }) => device !== 'lo')
      .map(({ device, address, prefixLength }) => ({ device, prefix: `${address}/${prefixLength}` as IpPrefix }));
  } catch (error) {
    if (error instanceof IpsecError) return null;
    throw error;
  }
}
