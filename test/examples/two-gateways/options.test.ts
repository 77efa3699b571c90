/**
 * The demo's command line.
 * @module
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseOptions, UsageError } from '#examples/two-gateways/options.ts';

test('without arguments: ESP over IPv4, told in words, taken down at the end', () => {
  const { outer, isNatT, isJson, isKept, bytes, isMemoryForced } = parseOptions([]);
  assert.deepEqual(
    { outer, isNatT, isJson, isKept, bytes, isMemoryForced },
    { outer: 'ipv4', isNatT: false, isJson: false, isKept: false, bytes: 256 * 1024 * 1024, isMemoryForced: false },
  );
});

test('reads every option', () => {
  const options = parseOptions(['--outer', 'ipv6', '--nat-t', '--json', '--keep', '--memory', '--bytes', '2M']);
  assert.equal(options.outer, 'ipv6');
  assert.ok(options.isNatT && options.isJson && options.isKept && options.isMemoryForced);
  assert.equal(options.bytes, 2 * 1024 * 1024);
  assert.equal(parseOptions(['--bytes=1000']).bytes, 1000);
});

for (const args of [
  ['--outer', 'ipx'],
  ['--outer'],
  ['--bytes', '-1'],
  ['--bytes', '1T'],
  ['--bytes', '0'],
  ['--nat'],
  ['up'],
]) {
  test(`refuses "${args.join(' ')}" in one line that names it`, () => {
    assert.throws(
      () => parseOptions(args),
      (error) => {
        assert.ok(error instanceof UsageError);
        assert.ok(error.message.includes(args[0] ?? ''), error.message);
        assert.doesNotMatch(error.message, /\n/);
        return true;
      },
    );
  });
}

test('an option that there is not leads to the list of those there are', () => {
  assert.throws(() => parseOptions(['--frob']), /^Error: .*--frob.*; npm run demo -- --help lists the options$/);
});
