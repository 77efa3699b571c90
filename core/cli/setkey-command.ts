/**
 * `culvert setkey`: setkey(8) over the helper. Statements are parsed here first, so a text with a syntax error never
 * leaves this process; what the helper refuses is shown with the line it came from, keys hidden.
 * @module
 */
import { setTimeout } from 'node:timers/promises';
import { errnoText, isErrno } from '#core/base/errno.ts';
import { IpsecError } from '#core/base/error.ts';
import { parseSetkey, type ParsedSetkey } from '#core/setkey/parser.ts';
import { printStatements } from '#core/setkey/printer.ts';
import { sourceExcerpts, type Excerpter } from '#core/setkey/source-excerpt.ts';
import type { HelperClient } from '#core/client/helper-client.ts';
import { formatComplaint, sentence } from './complaint.ts';
import { parseSetkeyFlags, type SetkeyRequest } from './setkey-flags.ts';
import { formatEvent, formatShort } from './setkey-monitor.ts';
import type { Terminal } from './terminal.ts';

/** Text of `culvert setkey --help`. */
export const setkeyHelp = `
Forms:
  culvert setkey -f FILE      carry out the statements of a file (- for standard input): all of them or none
  culvert setkey FILE …       the same for several files, each all or none, as long as none is refused
  culvert setkey -c           carry out statements from standard input, going on after a refusal
  culvert setkey -n -f FILE   only check (also with -c); -v shows each statement, keys hidden
  culvert setkey -D           show the associations; with --no-keys without their keys
  culvert setkey -DP          show the policies
  culvert setkey -Dl          show the associations in short, every second
  culvert setkey -x           show expiring and missing associations as it happens; -xx with the time
  culvert setkey -V           print the version
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
  readonly version: string;
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
    const { request, ignored } = parseSetkeyFlags(words);
    for (const letter of ignored)
      surroundings.terminal.complain(`setkey: -${letter} is not supported and does nothing\n`);
    return await carryOut(request, surroundings);
  } catch (error) {
    if (!(error instanceof IpsecError)) throw error;
    surroundings.terminal.complain(formatComplaint('setkey', null, error));
    return 1;
  }
}

async function carryOut(request: SetkeyRequest, surroundings: SetkeySurroundings): Promise<number> {
  const { terminal, connect, version } = surroundings;
  if (request.kind === 'version') {
    terminal.print(`setkey: culvert ${version}\n`);
    return 0;
  }
  if (request.kind === 'run') return runFiles(request, surroundings);
  const client = await connect();
  try {
    await ask(request, client, terminal);
    return 0;
  } finally {
    client.close();
  }
}

async function ask(
  request: Exclude<SetkeyRequest, { kind: 'run' | 'version' }>,
  client: HelperClient,
  terminal: Terminal,
): Promise<void> {
  switch (request.kind) {
    case 'dump': {
      const { what, withKeys } = request;
      terminal.print((await client.call('setkey.dump', { what, withKeys })).text);
      return;
    }
    case 'flush':
      await client.call(request.what === 'policies' ? 'policy.flush' : 'association.flush', {});
      return;
    case 'monitor':
      return client.watch((event) => terminal.print(formatEvent(event, request.withTime)));
    case 'loop':
      // Until the user or the helper ends it.
      for (;;) {
        terminal.print(formatShort(await client.call('status.get', {})));
        await setTimeout(1000);
      }
  }
}

type Text = { readonly text: string } & ParsedSetkey;
type RunRequest = Extract<SetkeyRequest, { kind: 'run' }>;

/** All texts are parsed before the first is carried out; after a refusal none of the others is. */
async function runFiles(
  { files, semantics, isVerbose }: RunRequest,
  surroundings: SetkeySurroundings,
): Promise<number> {
  const { terminal } = surroundings;
  const texts: Text[] = [];
  for (const file of files) {
    const text = file === null ? await terminal.readInput() : await terminal.readFile(file);
    texts.push({ text, ...parseSetkey(text) });
  }
  for (const [index, { text, errors }] of texts.entries()) {
    if (errors.length === 0) continue;
    if (texts.length > 1) terminal.complain(`setkey: in ${files[index] ?? 'standard input'}:\n`);
    const failures = errors.map((error) => ({ ...error, isSyntax: true }));
    return report(text, failures, 0, terminal);
  }
  for (const [index, { text, statements }] of texts.entries()) {
    if (isVerbose) terminal.print(printStatements(statements, { withKeys: false }));
    const status = await run(text, semantics, surroundings);
    if (status === 0) continue;
    if (texts.length > 1) terminal.complain(`setkey: that was ${files[index] ?? 'standard input'}\n`);
    return status;
  }
  return 0;
}

async function run(
  text: string,
  semantics: RunRequest['semantics'],
  { terminal, connect }: SetkeySurroundings,
): Promise<number> {
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
