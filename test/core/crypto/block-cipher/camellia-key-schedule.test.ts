import assert from 'node:assert/strict';
import { test } from 'node:test';
import { camelliaSubkeys, type FeistelFunction } from '#core/crypto/block-cipher/camellia-key-schedule.ts';
import { hexBytes } from '#test/fixtures/read-fixture.ts';

/** With an F that does nothing, KA is KL for short keys: what is left is which rotation goes where (RFC 3713 §2.2). */
const nothing: FeistelFunction = () => {};
const words = (subkeys: Uint32Array, from: number, count: number): string[] =>
  [...subkeys.subarray(from, from + count)].map((word) => word.toString(16).padStart(8, '0'));

test('a short key gives 26 subkeys, a long one 34, of two words each', () => {
  assert.equal(camelliaSubkeys(new Uint8Array(16), nothing).length, 52);
  assert.equal(camelliaSubkeys(new Uint8Array(24), nothing).length, 68);
  assert.equal(camelliaSubkeys(new Uint8Array(32), nothing).length, 68);
});

test('whitening starts with the key itself, and the third pair is the key turned by 15 bits', () => {
  const subkeys = camelliaSubkeys(hexBytes('80000000000000000000000000000001'), nothing);
  assert.deepEqual(words(subkeys, 0, 4), ['80000000', '00000000', '00000000', '00000001']);
  assert.deepEqual(words(subkeys, 8, 4), ['00000000', '00000000', '00000000', '0000c000']);
});

test('64 bits beyond the first 128 are completed by their complement', () => {
  const long = camelliaSubkeys(hexBytes(`${'00'.repeat(16)}0123456789abcdeffedcba9876543210`), nothing);
  const middle = camelliaSubkeys(hexBytes(`${'00'.repeat(16)}0123456789abcdef`), nothing);
  assert.deepEqual(middle, long);
});
