import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ciphertextBytes, suiteShape } from '#core/crypto/suite-shape.ts';

test('adds up the lengths of a suite, aligned to 4 bytes at least', () => {
  assert.deepEqual(suiteShape('aes-gcm-16', null), { ivBytes: 8, icvBytes: 16, blockBytes: 4 });
  assert.deepEqual(suiteShape('aes-cbc', 'hmac-sha1'), { ivBytes: 16, icvBytes: 12, blockBytes: 16 });
  assert.deepEqual(suiteShape('aes-cbc', null), { ivBytes: 16, icvBytes: 0, blockBytes: 16 });
  assert.deepEqual(suiteShape('null', 'hmac-sha512'), { ivBytes: 0, icvBytes: 32, blockBytes: 4 });
});

test('the ciphertext holds packet, padding and trailer in whole blocks', () => {
  assert.deepEqual(
    [0, 2, 3, 6].map((length) => ciphertextBytes(length, 4)),
    [4, 4, 8, 8],
  );
  assert.deepEqual(
    [0, 14, 15, 84].map((length) => ciphertextBytes(length, 16)),
    [16, 16, 32, 96],
  );
});
