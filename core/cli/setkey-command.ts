/**
 * `culvert setkey`: setkey(8) over the helper. Files are parsed here first, so one with a syntax error never leaves this
 * process. Exit status as setkey(8)'s: 0 with -c whatever happened, 1 when a file has errors.
 * @module
 */
import { setTimeout } from 'node:timers/promises';
import { parseSetkey, type ParsedSetkey } from '#core/setkey/parser.ts';
import { printStatements } from '#core/setkey/printer.ts';
import type { HelperClient } from '#core/client/helper-client.ts';
import { exitStatusOf } from './complaint.ts';
import { withHelper, type HelperSurroundings } from './helper-session.ts';
import { parseSetkeyFlags, type SetkeyRequest } from './setkey-flags.ts';
import { reportFailures, syntaxFailure } from './setkey-failure.ts';
import { formatEvent, formatShort } from '#core/api/monitor-text.ts';
import type { Terminal } from './terminal.ts';

/** Text of `culvert setkey --help`. */
export const setkeyHelp = `
Forms:
  culvert setkey -f FILE      carry out the statements of a file (- for standard input): all of them or none
  culvert setkey FILE …       the same for several files, each all or none, as long as none is refused
  culvert setkey -c           carry out statements from standard input, going on after a refusal; exit status 0
  culvert setkey -n -f FILE   only check (also with -c, whose status is 0); -v shows each statement, keys hidden
  culvert setkey -D           show the associations; with --no-keys without their keys
  culvert setkey -DP          show the policies; -DPv also what PF_KEY says of each
  culvert setkey -Dl          show the associations in short, every second
  culvert setkey -x           show what is added, changed, deleted, expires or is missing as it happens; -xx with the time
  culvert setkey -V           print the version
  culvert setkey -F           delete every association
  culvert setkey -FP          delete every policy but those of interfaces

Statements, each ending in a semicolon:
  add SRC DST esp SPI [-m transport] [-u ID] [-r BYTES] [-lh SECONDS -ls SECONDS] -E ALGORITHM KEY [-A ALGORITHM KEY] ;
  update … ;  delete SRC DST esp SPI ;  deleteall SRC DST esp ;  get SRC DST esp SPI ;  flush ;  dump ;
  spdadd SRC[/len][[port]] DST[/len][[port]] UPPER -P in|out ipsec|none|discard [esp/transport//LEVEL] ;
  spddelete SRC DST UPPER -P in|out ;  spdflush ;  spddump ;

Example:
  add 192.0.2.1 198.51.100.1 esp 10001 -m transport -u 16386 -E aes-cbc 0x… -A hmac-sha256 0x… ;
`;

/** What the setkey command stands on. */
export type SetkeySurroundings = HelperSurroundings & { readonly version: string };

/** Run `setkey` with `words`. Returns the exit status. */
export function runSetkeyCommand(words: readonly string[], around: SetkeySurroundings): Promise<number> {
  const { terminal } = around;
  return exitStatusOf('setkey', terminal, async () => {
    const { request, ignored } = parseSetkeyFlags(words);
    for (const letter of ignored) terminal.complain(`setkey: -${letter} is not supported and does nothing\n`);
    return carryOut(request, around);
  });
}

async function carryOut(request: SetkeyRequest, around: SetkeySurroundings): Promise<number> {
  const { terminal, version } = around;
  if (request.kind === 'version') {
    terminal.print(`setkey: culvert ${version}\n`);
    return 0;
  }
  if (request.kind === 'run') return runFiles(request, around);
  await withHelper(around, (client) => ask(request, client, terminal));
  return 0;
}

async function ask(
  request: Exclude<SetkeyRequest, { kind: 'run' | 'version' }>,
  client: HelperClient,
  terminal: Terminal,
): Promise<void> {
  switch (request.kind) {
    case 'dump': {
      const { what, withKeys, isVerbose } = request;
      // Policies hold no keys: whoever may read the state may read them.
      const isOpen = what === 'policies';
      const dump = isOpen
        ? client.call('policy.dump', { isVerbose })
        : client.call('setkey.dump', { what, withKeys, isVerbose });
      terminal.print((await dump).text);
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

type Text = { readonly name: string; readonly text: string } & ParsedSetkey;
type RunRequest = Extract<SetkeyRequest, { kind: 'run' }>;

/** All texts are parsed before the first is carried out; after a refusal none of the others is. */
async function runFiles(request: RunRequest, around: SetkeySurroundings): Promise<number> {
  const { files, semantics, isVerbose } = request;
  const { terminal } = around;
  const texts: Text[] = [];
  for (const file of files) {
    const text = file === null ? await terminal.readInput() : await terminal.readFile(file);
    texts.push({ name: file ?? 'standard input', text, ...parseSetkey(text) });
  }
  const wrong = semantics === 'statements' ? undefined : texts.find(({ errors }) => errors.length > 0);
  if (wrong !== undefined) {
    reportFailures(wrong, wrong.errors.map(syntaxFailure), terminal);
    if (!request.isStandardInput) terminal.print(`parse failed, line ${wrong.errors[0]?.line ?? 1}.\n`);
    terminal.complain('setkey: nothing was changed\n');
    return refusedStatus(request);
  }
  for (const text of texts) {
    if (isVerbose) terminal.print(printStatements(text.statements, { withKeys: false }));
    const status = await withHelper(around, (client) => run(text, request, client, terminal));
    if (status !== 0) return status;
  }
  return 0;
}

async function run(text: Text, request: RunRequest, client: HelperClient, terminal: Terminal): Promise<number> {
  const result = await client.call('setkey.run', { text: text.text, semantics: request.semantics });
  terminal.print(result.output);
  for (const warning of result.warnings) terminal.complain(`setkey: warning: ${warning}\n`);
  if (result.errors.length === 0) return 0;
  reportFailures(text, result.errors, terminal);
  if (result.applied === 0) terminal.complain('setkey: nothing was changed\n');
  return refusedStatus(request);
}

/** setkey(8) is content with -c whatever happened; what was refused of a file has undone all of it. */
function refusedStatus({ isStandardInput }: RunRequest): number {
  return isStandardInput ? 0 : 1;
}
