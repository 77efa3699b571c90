import assert from 'node:assert/strict';
import { test } from 'node:test';
import { desSubkeys } from '#core/crypto/block-cipher/des-key-schedule.ts';
import { hexBytes } from '#test/fixtures/read-fixture.ts';

const text = (subkey: Uint8Array | undefined): string =>
  [...(subkey ?? [])].map((group) => group.toString(2).padStart(6, '0')).join(' ');

test('gives sixteen subkeys of eight groups of six bits (FIPS 46-3, appendix 1; the worked example of J. O. Grabbe)', () => {
  const subkeys = desSubkeys(hexBytes('133457799bbcdff1'));
  assert.equal(subkeys.length, 16);
  assert.equal(text(subkeys[0]), '000110 110000 001011 101111 111111 000111 000001 110010');
  assert.equal(text(subkeys[15]), '110010 110011 110110 001011 000011 100001 011111 110101');
});

test('a weak key gives one subkey sixteen times', () => {
  const subkeys = desSubkeys(hexBytes('fefefefefefefefe'));
  for (const subkey of subkeys) assert.deepEqual(subkey, new Uint8Array(8).fill(63));
});
