import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decryptCbc, encryptCbc, type BlockCipher } from '#core/crypto/block-cipher/cbc.ts';

/** Blocks of two bytes, each plus one: a chain that can be followed by hand. */
const plusOne: BlockCipher = {
  blockBytes: 2,
  encryptBlock: (bytes, offset) => bytes.set([bytes[offset]! + 1, bytes[offset + 1]! + 1], offset),
  decryptBlock: (bytes, offset) => bytes.set([bytes[offset]! - 1, bytes[offset + 1]! - 1], offset),
};
const iv = Uint8Array.of(0x10, 0x20);
const plaintext = Uint8Array.of(0x01, 0x02, 0x03, 0x04, 0x05, 0x06);
// 10^01 + 1 = 12, 20^02 + 1 = 23; 12^03 + 1 = 12, 23^04 + 1 = 28; 12^05 + 1 = 18, 28^06 + 1 = 2f.
const ciphertext = Uint8Array.of(0x12, 0x23, 0x12, 0x28, 0x18, 0x2f);

test('each block is mixed with the ciphertext before it, the first with the IV', () => {
  assert.deepEqual(encryptCbc(plusOne, iv, plaintext), ciphertext);
  assert.deepEqual(decryptCbc(plusOne, iv, ciphertext), plaintext);
});

test('leaves its inputs alone', () => {
  const [givenIv, given] = [iv.slice(), plaintext.slice()];
  encryptCbc(plusOne, givenIv, given);
  assert.deepEqual([givenIv, given], [iv, plaintext]);
  const received = ciphertext.slice();
  decryptCbc(plusOne, givenIv, received);
  assert.deepEqual([givenIv, received], [iv, ciphertext]);
});
