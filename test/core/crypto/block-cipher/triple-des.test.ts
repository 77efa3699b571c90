import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toHex } from '#core/base/bytes.ts';
import { createTripleDes } from '#core/crypto/block-cipher/triple-des.ts';
import { hexBytes } from '#test/fixtures/read-fixture.ts';

test('encrypts and decrypts the published blocks with three keys (NIST SP 800-67 appendix B.1)', () => {
  const cipher = createTripleDes(hexBytes('0123456789abcdef23456789abcdef01456789abcdef0123'));
  const plaintext = '5468652071756663' + '6b2062726f776e20' + '666f78206a756d70';
  const bytes = hexBytes(plaintext);
  for (let at = 0; at < bytes.length; at += 8) cipher.encryptBlock(bytes, at);
  assert.equal(toHex(bytes), 'a826fd8ce53b855f' + 'cce21c8112256fe6' + '68d5c05dd9b6b900');
  for (let at = 0; at < bytes.length; at += 8) cipher.decryptBlock(bytes, at);
  assert.equal(toHex(bytes), plaintext);
});

test('with three equal keys it is DES (FIPS 46-3)', () => {
  const cipher = createTripleDes(hexBytes('133457799bbcdff1'.repeat(3)));
  const bytes = hexBytes('a50123456789abcdef5a');
  cipher.encryptBlock(bytes, 1);
  assert.equal(toHex(bytes), 'a585e813540f0ab4055a');
});

test('parity bits do not count', () => {
  const key = hexBytes('0123456789abcdef23456789abcdef01456789abcdef0123');
  const [left, right] = [new Uint8Array(8), new Uint8Array(8)];
  createTripleDes(key).encryptBlock(left, 0);
  createTripleDes(key.map((byte) => byte ^ 1)).encryptBlock(right, 0);
  assert.deepEqual(left, right);
});
