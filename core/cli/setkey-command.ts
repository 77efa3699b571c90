/**
 * `culvert setkey`: setkey(8) over the helper. Statements are parsed here first, so a text with a syntax error never
 * leaves this process; what the helper refuses is shown with the line it came from, keys hidden.
 * @module
 */
import { errnoText, isErrno } from '#core/base/errno.ts';
import { IpsecError } from '#core/base/error.ts';
import { parseSetkey } from '#core/setkey/parser.ts';
import { sourceExcerpts, type Excerpter } from '#core/setkey/source-excerpt.ts';
import type { HelperClient } from './client.ts';
import { formatComplaint, sentence } from './complaint.ts';
import { parseSetkeyFlags, type SetkeyRequest } from './setkey-flags.ts';
import type { Terminal } from './terminal.ts';

/** Text of `culvert setkey --help`. */
export const setkeyHelp = `
Forms:
  culvert setkey -f FILE      carry out the statements of a file (- for standard input): all of them or none
  culvert setkey -c           carry out statements from standard input, going on after a refusal
  culvert setkey -n -f FILE   only check (also with -c)
  culvert setkey -D           show the associations; with --no-keys without their keys
  culvert setkey -DP          show the policies
  culvert setkey -F           delete every association
  culvert setkey -FP          delete every policy but those of interfaces

Statements, each ending in a semicolon:
  add SRC DST esp SPI [-m transport] [-u ID] [-r BYTES] [-lh SECONDS -ls SECONDS] -E ALGORITHM KEY [-A ALGORITHM KEY] ;
  update … ;  delete SRC DST esp SPI ;  deleteall SRC DST esp ;  get SRC DST esp SPI ;  flush ;  dump ;
  spdadd SRC[/len][[port]] DST[/len][[port]] UPPER -P in|out ipsec|none|discard [esp/transport//LEVEL] ;
  spddelete SRC DST UPPER -P in|out ;  spdflush ;  spddump ;

Example:
  add 192.0.2.1 198.51.100.1 esp 10001 -m transport -u 16386 -E aes-gcm-16 0x… ;
`;

/** What the setkey command stands on. */
export type SetkeySurroundings = {
  readonly terminal: Terminal;
  readonly connect: () => Promise<HelperClient>;
};

/** A failed statement, from the parser here or from the helper. */
export type Failure = {
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly hint: string;
  readonly isSyntax: boolean;
  readonly errno?: string | undefined;
};

/** Run `setkey` with `words`. Returns the exit status. */
export async function runSetkeyCommand(words: readonly string[], surroundings: SetkeySurroundings): Promise<number> {
  try {
    const request = parseSetkeyFlags(words);
    return request.kind === 'run' ? await run(request, surroundings) : await dumpOrFlush(request, surroundings);
  } catch (error) {
    if (!(error instanceof IpsecError)) throw error;
    surroundings.terminal.complain(formatComplaint('setkey', null, error));
    return 1;
  }
}

async function dumpOrFlush(
  request: Exclude<SetkeyRequest, { kind: 'run' }>,
  { terminal, connect }: SetkeySurroundings,
): Promise<number> {
  const client = await connect();
  try {
    if (request.kind === 'dump') {
      const { what, withKeys } = request;
      terminal.print((await client.call('setkey.dump', { what, withKeys })).text);
    } else {
      await client.call(request.what === 'policies' ? 'policy.flush' : 'association.flush', {});
    }
    return 0;
  } finally {
    client.close();
  }
}

async function run(
  { file, semantics }: Extract<SetkeyRequest, { kind: 'run' }>,
  { terminal, connect }: SetkeySurroundings,
): Promise<number> {
  const text = file === null ? await terminal.readInput() : await terminal.readFile(file);
  const syntaxErrors = parseSetkey(text).errors.map((error) => ({ ...error, isSyntax: true }));
  if (syntaxErrors.length > 0) return report(text, syntaxErrors, 0, terminal);
  const client = await connect();
  try {
    const result = await client.call('setkey.run', { text, semantics });
    terminal.print(result.output);
    for (const warning of result.warnings) terminal.complain(`setkey: warning: ${warning}\n`);
    if (result.errors.length === 0) return 0;
    return report(text, result.errors, result.applied, terminal);
  } finally {
    client.close();
  }
}

function report(text: string, failures: readonly Failure[], applied: number, terminal: Terminal): number {
  const excerptAt = sourceExcerpts(text);
  terminal.complain(failures.map((failure) => formatFailure(excerptAt, failure)).join(''));
  if (applied === 0) terminal.complain('setkey: nothing was changed\n');
  return 1;
}

/** setkey's line, the source line with a caret, and what helps. */
export function formatFailure(excerptAt: Excerpter, failure: Failure): string {
  const { line, column, message, hint, isSyntax } = failure;
  const excerpt = excerptAt(line, column).replace(/^/gm, '    ');
  const headline = isSyntax
    ? `line ${line}: ${message}`
    : `The result of line ${line}: ${sentence(resultText(failure))}`;
  const help = isSyntax || failure.errno === undefined ? hint : `${sentence(message)} ${hint}`;
  return `${headline}\n${excerpt}\n  ${help}\n`;
}

/** strerror(3), but setkey has words of its own for ENOENT. */
function resultText({ errno, message }: Failure): string {
  if (errno === 'ENOENT') return 'No entry';
  return errno !== undefined && isErrno(errno) ? errnoText[errno] : message;
}
