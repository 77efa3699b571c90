/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setkeyResultSchema } from '#core/api/contract.ts';
import { Sad } from '#core/sad/sad.ts';
import type { SetkeyContext } from '#core/setkey/interpreter.ts';
import { refusal, runSetkey } from '#core/setkey/run.ts';
import { Spd } from '#core/spd/spd.ts';

const usage = {
  packets: 0,
  bytes: 0,
  firstUsedMs: 0,
  lastUsedMs: 0,
  sequence: 0,
  replayDrops: 0,
  authenticationFailures: 0,
};
const add = (spi: number): string => `add 192.0.2.1 198.51.100.1 esp ${spi} -E aes-gcm-16 0x${'5a'.repeat(20)};\n`;
const policy = 'spdadd 10.0.0.1 10.0.0.2 any -P out ipsec esp/transport//unique;\n';

function freshContext(): SetkeyContext {
  return { sad: new Sad({ limit: 100 }), spd: new Spd(), now: 0, pid: 1, usageOf: () => usage };
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

test('a syntax error anywhere keeps everything from being carried out', () => {
  for (const semantics of ['file', 'statements', 'check'] as const) {
    const context = freshContext();
    const run = runSetkey(`${add(256)}dmup;`, semantics, context);
    assert.deepEqual(
      run.errors.map(({ line, isSyntax, hint }) => [line, isSyntax, hint]),
      [[2, true, 'Did you mean "dump"?']],
    );
    assert.deepEqual([run.applied, context.sad.size], [0, 0]);
  }
});

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
    [`${add(256)}x;`, 'statements', 0],
  ] as const) {
    assert.equal(runSetkey(text, semantics, freshContext()).warnings.length, count, `${semantics}: ${text}`);
  }
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
