/** @module */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { IpsecError } from '#core/base/error.ts';
import { connectHelper } from '#core/client/helper-client.ts';
import { runSetkeyCommand } from '#core/cli/setkey-command.ts';
import { fakeTerminal, startFakeHelper, type FakeHelper, type FakeTerminal, type Script } from './fake-helper.ts';

const key = `0x${'c0ffee'.repeat(12)}`;
const statement = `add 192.0.2.1 198.51.100.1 esp 10001 -m transport -u 16386 -E aes-gcm-16 ${key} ;`;

type Outcome = { readonly status: number; readonly terminal: FakeTerminal; readonly calls: FakeHelper['calls'] };

async function setkey(
  context: TestContext,
  words: readonly string[],
  input: string,
  script: Script = {},
): Promise<Outcome> {
  const { path, calls } = await startFakeHelper(context, script);
  const terminal = fakeTerminal(input, { 'sa.conf': input });
  const status = await runSetkeyCommand(words, { terminal, connect: () => connectHelper(path), version: '1.2.3' });
  return { status, terminal, calls };
}

const done: Script = { 'setkey.run': () => ({ output: '', errors: [], warnings: [], applied: 1 }) };

test('a file and standard input reach the helper whole, each with its semantics', async (context) => {
  for (const [words, semantics] of [
    [['-f', 'sa.conf'], 'file'],
    [['sa.conf'], 'file'],
    [['-f', '-'], 'file'],
    [['-c'], 'statements'],
    [['-nc'], 'check'],
  ] as const) {
    const { status, terminal, calls } = await setkey(context, words, statement, done);
    assert.deepEqual([status, terminal.output, terminal.errors], [0, '', '']);
    assert.deepEqual(calls, [['setkey.run', { text: statement, semantics }]]);
  }
});

test('dumps print what the helper gives, with keys unless told otherwise', async (context) => {
  const script: Script = {
    'setkey.dump': () => ({ text: 'No SAD entries.\n' }),
    'policy.dump': () => ({ text: 'No SPD entries.\n' }),
  };
  const { terminal, calls } = await setkey(context, ['-D'], '', script);
  assert.equal(terminal.output, 'No SAD entries.\n');
  assert.deepEqual(calls, [['setkey.dump', { what: 'associations', withKeys: true, isVerbose: false }]]);
  assert.deepEqual((await setkey(context, ['-DP'], '', script)).calls, [['policy.dump', { isVerbose: false }]]);
  assert.deepEqual((await setkey(context, ['-DPv'], '', script)).calls, [['policy.dump', { isVerbose: true }]]);
  assert.deepEqual((await setkey(context, ['-D', '--no-keys'], '', script)).calls, [
    ['setkey.dump', { what: 'associations', withKeys: false, isVerbose: false }],
  ]);
});

test('-v shows each statement with its key hidden; -V is the version', async (context) => {
  const { terminal } = await setkey(context, ['-vn', 'sa.conf'], statement, done);
  assert.match(terminal.output, /^add 192\.0\.2\.1 198\.51\.100\.1 esp 10001 .*\(288-bit key\);\n$/);
  assert.equal((await setkey(context, ['-V'], '')).terminal.output, 'setkey: culvert 1.2.3\n');
});

test('-nc finds the same errors as -c, with its status; -nf - has the status of a file', async (context) => {
  const read = await setkey(context, ['-nc'], 'frobnicate;', done);
  assert.deepEqual([read.status, read.calls], [0, []]);
  assert.match(read.terminal.output, /^line 1: syntax error.* at \[frobnicate\]\n$/);
  assert.equal((await setkey(context, ['-nf', '-'], 'frobnicate;', done)).status, 1);
});

test('of several files none is carried out when one has a syntax error, and none after a refusal', async (context) => {
  const wrong = await setkey(context, ['good.conf', 'sa.conf'], 'frobnicate;', done);
  assert.deepEqual([wrong.status, wrong.calls], [1, []]);
  assert.match(wrong.terminal.output, /^line 1: syntax error.* at \[frobnicate\]\nparse failed, line 1\.\n$/);
  assert.match(wrong.terminal.errors, /^sa\.conf:1:1:\n/);
  const failure = { line: 1, column: 1, message: 'no', hint: 'Do not.', isSyntax: false, errno: 'EEXIST' };
  const script: Script = { 'setkey.run': () => ({ output: '', errors: [failure], warnings: [], applied: 0 }) };
  const refused = await setkey(context, ['sa.conf', 'good.conf'], 'flush;', script);
  assert.deepEqual([refused.status, refused.calls.length], [1, 1]);
  assert.equal(refused.terminal.output, 'The result of line 1: File exists.\n');
  assert.match(refused.terminal.errors, /^sa\.conf:1:1:\n/);
});

test('flags that do nothing are named, and what was asked is done', async (context) => {
  const { status, terminal, calls } = await setkey(context, ['-krF'], '');
  assert.deepEqual([status, calls], [0, [['association.flush', {}]]]);
  assert.equal(
    terminal.errors,
    'setkey: -k is not supported and does nothing\nsetkey: -r is not supported and does nothing\n',
  );
});

test('-x asks for events, and ends with the helper', async (context) => {
  const script: Script = {
    'events.subscribe': () => {
      throw new IpsecError('API_UNKNOWN_METHOD', 'events cannot be sent here');
    },
  };
  const { status, terminal, calls } = await setkey(context, ['-x'], '', script);
  assert.deepEqual([status, calls], [1, [['events.subscribe', {}]]]);
  assert.match(terminal.errors, /^setkey: events cannot be sent here/);
});

test('flushes call their methods', async (context) => {
  assert.deepEqual((await setkey(context, ['-F'], '')).calls, [['association.flush', {}]]);
  assert.deepEqual((await setkey(context, ['-FP'], '')).calls, [['policy.flush', {}]]);
});

test('a syntax error never leaves the process, and is shown with its line and a caret', async (context) => {
  const { status, terminal, calls } = await setkey(
    context,
    ['-f', 'sa.conf'],
    'flush;\nadd 192.0.2.1 198.51.100.1 esp 10001 -m trnsport;\n',
  );
  assert.deepEqual([status, calls], [1, []]);
  assert.equal(
    terminal.output,
    'line 2: syntax error, expected a mode (transport, tunnel, any) at [trnsport]\nparse failed, line 2.\n',
  );
  assert.equal(
    terminal.errors,
    'sa.conf:2:41:\n' +
      '    add 192.0.2.1 198.51.100.1 esp 10001 -m trnsport;\n' +
      '                                            ^\n' +
      '  Did you mean "transport"?\n' +
      'setkey: nothing was changed\n',
  );
});

test('a refusal is told in setkey’s words, with what happened and the line, keys hidden', async (context) => {
  const failure = {
    line: 2,
    column: 32,
    message: 'an association with SPI 0x00002711 exists',
    hint: 'Take another SPI.',
    isSyntax: false,
  };
  const script: Script = {
    'setkey.run': () => ({
      output: 'No SAD entries.\n',
      errors: [
        { ...failure, errno: 'EEXIST' },
        { ...failure, errno: 'ENOENT' },
      ],
      warnings: [],
      applied: 2,
    }),
  };
  const { status, terminal } = await setkey(context, ['-c'], `dump;\n${statement}`, script);
  assert.equal(status, 0);
  assert.equal(
    terminal.output,
    'No SAD entries.\nThe result of line 2: File exists.\nThe result of line 2: No entry.\n',
  );
  assert.match(
    terminal.errors,
    /^standard input:2:32:\n {4}add 192\.0\.2\.1 .* -E aes-gcm-16 \*+\n {35}\^\n {2}an association with SPI 0x00002711 exists\. Take another SPI\.\n/,
  );
  assert.doesNotMatch(terminal.errors, /c0ffee|nothing was changed/);
});

test('what deserves a warning is carried out, and told on standard error', async (context) => {
  const script: Script = {
    'setkey.run': () => ({ output: 'No SAD entries.\n', errors: [], warnings: ['line 1: mind the IVs'], applied: 2 }),
  };
  const { status, terminal } = await setkey(context, ['-c'], `${statement}\ndump;`, script);
  assert.deepEqual(
    [status, terminal.output, terminal.errors],
    [0, 'No SAD entries.\n', 'setkey: warning: line 1: mind the IVs\n'],
  );
});

test('keys of a text with syntax errors are never echoed', async (context) => {
  const { terminal } = await setkey(
    context,
    ['-f', 'sa.conf'],
    `${statement.replace('aes-gcm-16', 'aes-gcm16')} ${statement.replace(' ;', 'zz;')}`,
  );
  assert.match(terminal.output, /aes-gcm16/);
  assert.doesNotMatch(terminal.output + terminal.errors, /c0ffee/);
});

test('-c leaves syntax errors to the helper, which carries out what it can, and its status is 0 (setkey.c: stdin_loop)', async (context) => {
  const error = { line: 2, column: 1, message: 'syntax error at [dmup]', hint: 'Mind it.', isSyntax: true };
  const script: Script = {
    'setkey.run': () => ({ output: 'No SAD entries.\n', errors: [error], warnings: [], applied: 1 }),
  };
  const { status, terminal, calls } = await setkey(context, ['-c'], 'dump;\ndmup;\n', script);
  assert.equal(status, 0);
  assert.deepEqual(calls, [['setkey.run', { text: 'dump;\ndmup;\n', semantics: 'statements' }]]);
  assert.equal(terminal.output, 'No SAD entries.\nline 2: syntax error at [dmup]\n');
  assert.equal(terminal.errors, 'standard input:2:1:\n    dmup;\n    ^\n  Mind it.\n');
});

test('a file that the helper refuses has changed nothing, and the status is 1', async (context) => {
  const failure = { line: 1, column: 1, message: 'no', hint: 'Do not.', isSyntax: false, errno: 'EINVAL' };
  const script: Script = { 'setkey.run': () => ({ output: '', errors: [failure], warnings: [], applied: 0 }) };
  const { status, terminal } = await setkey(context, ['-f', 'sa.conf'], 'flush;', script);
  assert.deepEqual([status, terminal.output], [1, 'The result of line 1: Invalid argument.\n']);
  assert.equal(terminal.errors, 'sa.conf:1:1:\n    flush;\n    ^\n  no. Do not.\nsetkey: nothing was changed\n');
});

test('wrong flags are one complaint with exit status 1', async (context) => {
  const { status, terminal, calls } = await setkey(context, ['-DX'], '');
  assert.deepEqual([status, calls], [1, []]);
  assert.equal(terminal.errors, 'setkey: unknown flag "-X" in "-DX"\n  culvert setkey --help lists the flags.\n');
});
