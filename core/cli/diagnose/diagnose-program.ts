/**
 * The command `diagnose` and its flags.
 * @module
 */
import type { Command } from 'commander';
import type { HelperSurroundings } from '#core/cli/helper-session.ts';
import { diagnoseHelp, runDiagnose } from './diagnose-command.ts';

/** Add it to the program. */
export function addDiagnose(program: Command, around: HelperSurroundings, setStatus: (status: number) => void): void {
  program
    .command('diagnose <name>')
    .description('check a tunnel step by step, and say what is wrong')
    .option('--target <address>', 'an inner address of the far end to ping')
    .option('--json', 'print everything as one JSON object')
    .helpOption('-h, --help', 'print this help')
    .addHelpText('after', diagnoseHelp)
    .action(async (name: string, options: { readonly target?: string; readonly json?: boolean }) => {
      const request = { name, target: options.target ?? null, isJson: options.json === true };
      setStatus(await runDiagnose(request, around));
    });
}
