/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setkeyResultSchema } from '#core/api/contract.ts';
import type { KeyMaterial } from '#core/crypto/key-material.ts';
import { Sad } from '#core/sad/sad.ts';
import { neverUsed } from '#core/sad/security-association.ts';
import type { SetkeyContext } from '#core/setkey/interpreter.ts';
import { refusal, runSetkey } from '#core/setkey/run.ts';
import { Spd } from '#core/spd/spd.ts';

const add = (spi: number): string => `add 192.0.2.1 198.51.100.1 esp ${spi} -E aes-gcm-16 0x${'5a'.repeat(20)};\n`;
const policy = 'spdadd 10.0.0.1 10.0.0.2 any -P out ipsec esp/transport//unique;\n';

function freshContext(): SetkeyContext {
  return { sad: new Sad({ limit: 100 }), spd: new Spd(), now: 0, pid: 1, usageOf: () => neverUsed };
}

test('a file with one refusal changes nothing, and every refusal is reported', () => {
  const context = freshContext();
  const run = runSetkey(`${add(256)}${policy}${add(256)}${add(12)}dump;`, 'file', context);
  assert.deepEqual(
    run.errors.map(({ line, errno, isSyntax }) => [line, errno, isSyntax]),
    [
      [3, 'EEXIST', false],
      [4, 'EINVAL', false],
    ],
  );
  assert.deepEqual([run.applied, run.output, context.sad.size, context.spd.size], [0, '', 0, 0]);
  assert.equal(runSetkey(policy, 'file', context).applied, 1);
  assert.equal(context.spd.list()[0]?.spid, 1);
});

test('a good file is carried out whole, with the output of its dumps in order', () => {
  const context = freshContext();
  const run = runSetkey(`dump; ${add(256)}${policy} spddump;`, 'file', context);
  assert.deepEqual(run.errors, []);
  assert.equal(run.applied, 4);
  assert.match(run.output, /^No SAD entries\.\n10\.0\.0\.1\[any\]/);
  assert.deepEqual([context.sad.size, context.spd.size], [1, 1]);
});

test('statements go on after a refusal', () => {
  const context = freshContext();
  const run = runSetkey(add(256) + add(256) + add(257), 'statements', context);
  assert.deepEqual([run.applied, run.errors.length, context.sad.size], [2, 1, 2]);
});

test('a syntax error anywhere keeps a file from being carried out', () => {
  for (const semantics of ['file', 'check'] as const) {
    const context = freshContext();
    const run = runSetkey(`${add(256)}dmup;`, semantics, context);
    assert.deepEqual(
      run.errors.map(({ line, isSyntax, hint }) => [line, isSyntax, hint]),
      [[2, true, 'Did you mean "dump"?']],
    );
    assert.deepEqual([run.applied, context.sad.size], [0, 0]);
  }
});

test('statement by statement, what stands before the first syntax error is carried out, and nothing behind it', () => {
  const context = freshContext();
  const run = runSetkey(`${add(256)}${add(12)}${add(257)}dump\n${add(258)}dmup; dump;`, 'statements', context);
  assert.deepEqual(
    run.errors.map(({ line, isSyntax }) => [line, isSyntax]),
    [
      [2, false],
      [5, true],
      [6, true],
    ],
  );
  assert.deepEqual([run.applied, run.output, context.sad.size], [2, '', 2]);
});

test('beside syntax errors, what would be refused in any case is reported too, in the order of the text', () => {
  const text = `dmup;\n${add(12)}add 10.0.0.1 10.0.0.2 ah 256 -A hmac-sha1 0x00;\nflsh;\n${add(256)}${add(256)}`;
  const { errors, applied } = runSetkey(text, 'file', freshContext());
  assert.deepEqual(
    errors.map(({ line, isSyntax }) => [line, isSyntax]),
    [
      [1, true],
      [2, false],
      [3, false],
      [4, true],
    ],
  );
  assert.equal(applied, 0);
});

test('a key with an odd number of digits is carried out with a 0 in front, and warned of with its place', () => {
  const context = freshContext();
  const text = `add 192.0.2.1 198.51.100.1 esp 256 -E aes-cbc 0x${'5'.repeat(31)} -A hmac-sha1 0x${'1'.repeat(39)};`;
  const { warnings, applied } = runSetkey(text, 'file', context);
  assert.deepEqual(
    warnings,
    [47, 94].map((column) => oddKeyWarning(column)),
  );
  assert.equal(applied, 1);
  assert.equal(context.sad.list()[0]?.encryptionKey.reveal()[0], 0x05);
});

function oddKeyWarning(column: number): string {
  return (
    `line 1: the key at column ${column} has an odd number of hexadecimal digits: ` +
    'it is read as if a 0 stood in front, as setkey(8) does; a digit may be missing'
  );
}

test('a check finds refusals and changes nothing', () => {
  const context = freshContext();
  const run = runSetkey(`${add(256)}${policy}${add(256)}dump;`, 'check', context);
  assert.deepEqual([run.errors.length, run.applied, run.output, context.sad.size, context.spd.size], [1, 3, '', 0, 0]);
});

test('counter modes with keys set by hand are warned of, wherever they were carried out or would be', () => {
  const cbc = `add 192.0.2.1 198.51.100.1 esp 300 -E aes-cbc 0x${'5a'.repeat(16)} -A hmac-sha256 0x${'5a'.repeat(32)};`;
  for (const [text, semantics, count] of [
    [add(256), 'file', 1],
    [`${add(256)}${add(257)}`, 'statements', 1],
    [add(256), 'check', 1],
    [cbc, 'file', 0],
    [`${add(256)}${add(256)}`, 'file', 0],
    [add(12), 'statements', 0],
    [`x; ${add(256)}`, 'statements', 0],
    [`${add(256)}x;`, 'file', 0],
  ] as const) {
    assert.equal(runSetkey(text, semantics, freshContext()).warnings.length, count, `${semantics}: ${text}`);
  }
});

test('keys of statements are wiped after every run; the SAD has its own', () => {
  const keys: KeyMaterial[] = [];
  class WatchedSad extends Sad {
    override add(...given: Parameters<Sad['add']>): ReturnType<Sad['add']> {
      keys.push(given[0].encryptionKey, given[0].integrityKey ?? assert.fail());
      return super.add(...given);
    }
  }
  const line = `add 192.0.2.1 198.51.100.1 esp 256 -E aes-cbc "aaaaaaaaaaaaaaaa" -A hmac-sha1 0x${'5a'.repeat(20)};`;
  for (const [text, semantics] of [
    [line, 'file'],
    [line, 'statements'],
    [line, 'check'],
    [`${line} ${line}`, 'file'],
    [`${line} x;`, 'statements'],
  ] as const) {
    const sad = new WatchedSad({ limit: 100 });
    runSetkey(text, semantics, { ...freshContext(), sad });
    for (const { encryptionKey } of sad.list()) assert.equal(encryptionKey.reveal()[0], 0x61);
  }
  assert.equal(keys.length, 12);
  for (const key of keys) assert.ok(key.reveal().every((byte) => byte === 0));
});

test('results are what the contract carries', () => {
  for (const text of [`${add(256)}${add(256)}`, 'x;', 'dump;']) {
    const run = runSetkey(text, 'statements', freshContext());
    assert.deepEqual(setkeyResultSchema.parse(run), run);
  }
});

test('a bug is no refusal', () => {
  assert.throws(() => refusal(new TypeError('bug')), TypeError);
});
