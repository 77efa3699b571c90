/**
 * The benchmark's command line.
 * @module
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseOptions, UsageError } from '../options.ts';

test('without arguments: three rounds of 8 s, no file', () => {
  const { json, rounds, seconds, only, writesPage } = parseOptions([]);
  assert.deepEqual(
    { json, rounds, seconds, only, writesPage },
    { json: null, rounds: 3, seconds: 8, only: null, writesPage: false },
  );
});

test('--json alone means stdout, with a name a file', () => {
  assert.equal(parseOptions(['--json']).json, '-');
  assert.equal(parseOptions(['--json', 'out.json', '--quick']).json, 'out.json');
  assert.equal(parseOptions(['--quick', '--json', 'out.json']).json, 'out.json');
});

test('--quick shortens the measurements, and an explicit length wins', () => {
  assert.equal(parseOptions(['--quick']).seconds, 2);
  assert.equal(parseOptions(['--quick', '--seconds', '5']).seconds, 5);
  assert.equal(parseOptions(['--rounds', '7']).rounds, 7);
});

for (const args of [['out.json'], ['--json', 'a', 'b'], ['--rounds', '0'], ['--seconds', 'x'], ['--fast']]) {
  test(`refuses "${args.join(' ')}"`, () => {
    assert.throws(() => parseOptions(args), UsageError);
  });
}
