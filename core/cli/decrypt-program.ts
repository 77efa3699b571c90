/**
 * `culvert decrypt` as the program has it: its words and its help.
 * @module
 */
import type { Command } from 'commander';
import type { CommandSurroundings } from './command-table.ts';
import { decryptHelp, runDecrypt, type DecryptRequest } from './decrypt-command.ts';

type DecryptOptions = {
  readonly file: string;
  readonly write?: string;
  readonly json?: boolean;
  readonly replay: boolean;
  readonly esnHigh?: readonly string[];
};

/** Add it to the program. */
export function addDecrypt(
  program: Command,
  { terminal, setStatus }: Pick<CommandSurroundings, 'terminal' | 'setStatus'>,
): void {
  const collect = (word: string, words: readonly string[] = []): readonly string[] => [...words, word];
  program
    .command('decrypt')
    .description('decrypt a capture with the keys of a setkey file; needs no helper')
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

function toRequest(capture: string, { file, write, json, replay, esnHigh }: DecryptOptions): DecryptRequest {
  const output = write ?? null;
  return { capture, associations: file, output, isJson: json === true, checksReplay: replay, highWords: esnHigh ?? [] };
}
