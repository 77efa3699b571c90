import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { weaknessOf } from '#core/lint/key-rule.ts';
import { fromHex } from '#core/base/bytes.ts';

const guessable: readonly (readonly [string, RegExp])[] = [
  ['00'.repeat(32), /repeated/],
  ['0123456789abcdef'.repeat(2), /repeats/],
  ['000102030405060708090a0b0c0d0e0f', /counts/],
  ['00112233445566778899aabbccddeeff', /counts/],
  [Buffer.from('a good passphrase').toString('hex'), /text/],
  ['00010001000000010101000101000001', /few/],
];

for (const [hex, why] of guessable) {
  test(`${hex.slice(0, 32)}… is told to be guessable: ${why.source}`, () => {
    assert.match(weaknessOf(fromHex(hex) ?? new Uint8Array(0)) ?? '', why);
  });
}

test('random keys pass', () => {
  for (let round = 0; round < 5000; round++) {
    for (const bytes of [16, 20, 32, 64]) assert.equal(weaknessOf(randomBytes(bytes)), null);
  }
});
