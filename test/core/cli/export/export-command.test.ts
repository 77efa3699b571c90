/** @module */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Result } from '#core/api/contract.ts';
import { IpsecError } from '#core/base/error.ts';
import { runCulvert } from '#core/cli/program.ts';
import { fakeTerminal, startFakeHelper, type Script } from '#test/core/cli/fake-helper.ts';

type Outcome = { status: number; output: string; errors: string; calls: (readonly [string, unknown])[] };

const answer = (holdsKeys: boolean): Result<'profile.export'> => ({
  files: [{ name: 'office.conf', text: 'add …;\n', holdsKeys }],
  notes: ['A note.'],
});
const script: Script = { 'profile.export': ({ withKeys }) => answer(withKeys) };

async function culvert(context: TestContext, words: readonly string[], answers = script): Promise<Outcome> {
  const { path, calls } = await startFakeHelper(context, answers);
  const terminal = fakeTerminal();
  const status = await runCulvert(words, { terminal, version: '0.0.0', socketPath: path });
  return { status, output: terminal.output, errors: terminal.errors, calls: [...calls] };
}

test('without flags the text goes to standard output with placeholders, and what was left out is said', async (context) => {
  const { status, output, errors, calls } = await culvert(context, ['export', 'office', '--format', 'setkey']);
  assert.deepEqual([status, output], [0, 'add …;\n']);
  assert.deepEqual(calls, [
    ['profile.export', { name: 'office', format: 'setkey', isPeer: false, withKeys: false, ownHost: null }],
  ]);
  assert.equal(errors, 'export: A note.\nexport: keys are left out; --with-keys writes them\n');
});

test('with keys the file is 0600, and the command says what it holds and for whom', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'culvert-export-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'sa.conf');
  const peer = ['--peer', '--host', '203.0.113.9'];
  const words = ['export', 'office', '--format', 'setkey', ...peer, '--with-keys', '-o', path];
  const { status, output, errors, calls } = await culvert(context, words);
  assert.deepEqual([status, output], [0, '']);
  assert.deepEqual(calls[0]?.[1], {
    ...{ name: 'office', format: 'setkey', isPeer: true, withKeys: true },
    ownHost: '203.0.113.9',
  });
  assert.equal(readFileSync(path, 'utf8'), 'add …;\n');
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.match(errors, /sa\.conf: for the other end; it holds the keys of the tunnel, .*\(0600\)\n$/);
});

test('keys on standard output come with a warning, and a format without a place for them says so', async (context) => {
  const words = ['export', 'office', '--with-keys', '-o', '-', '--format'];
  assert.match((await culvert(context, [...words, 'json'])).errors, /this text holds the keys/);
  const withoutPlace: Script = { 'profile.export': () => answer(false) };
  const { errors } = await culvert(context, [...words, 'swanctl'], withoutPlace);
  assert.match(errors, /swanctl has no place for keys made by hand: none are written/);
});

test('an unknown format, no format, and a refusal end with status 1', async (context) => {
  for (const words of [
    ['export', 'office', '--format', 'cisco'],
    ['export', 'office'],
    ['export', '--format', 'json'],
  ]) {
    const { status, calls } = await culvert(context, words);
    assert.deepEqual([status, calls], [1, []], words.join(' '));
  }
  const refusing: Script = {
    'profile.export': () => {
      throw new IpsecError('EXPORT_UNSUPPORTED', 'FreeBSD does not have aes-cmac');
    },
  };
  const { status, errors } = await culvert(context, ['export', 'office', '--format', 'freebsd'], refusing);
  assert.equal(status, 1);
  assert.match(errors, /^export: FreeBSD does not have aes-cmac\n {2}Choose another format/);
});

test('a file that cannot be written is an error', async (context) => {
  const words = ['export', 'office', '--format', 'setkey', '-o', '/nowhere/x'];
  const { status, errors } = await culvert(context, words);
  assert.equal(status, 1);
  assert.match(errors, /cannot write \/nowhere\/x \(ENOENT\)/);
});

test('names of profiles and formats are completed', async (context) => {
  const { output } = await culvert(context, ['completion', 'words', '--', 'export', 'office', '--format', '']);
  assert.match(output, /^swanctl\t/m);
  assert.match((await culvert(context, ['completion', 'words', '--', 'export', 'x', '-o', ''])).output, /:files/);
});
