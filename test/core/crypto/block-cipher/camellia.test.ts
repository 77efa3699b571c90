import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toHex } from '#core/base/bytes.ts';
import { createCamellia } from '#core/crypto/block-cipher/camellia.ts';
import { hexBytes } from '#test/fixtures/read-fixture.ts';

const plaintext = '0123456789abcdeffedcba9876543210';
const cases: readonly (readonly [key: string, ciphertext: string])[] = [
  ['0123456789abcdeffedcba9876543210', '67673138549669730857065648eabe43'],
  ['0123456789abcdeffedcba98765432100011223344556677', 'b4993401b3e996f84ee5cee7d79b09b9'],
  ['0123456789abcdeffedcba987654321000112233445566778899aabbccddeeff', '9acc237dff16d76c20ef7c919e3a7509'],
];

test('encrypts and decrypts the published blocks, in place and nothing beside (RFC 3713 appendix A)', () => {
  for (const [key, ciphertext] of cases) {
    const cipher = createCamellia(hexBytes(key));
    const bytes = hexBytes(`a5${plaintext}5a`);
    cipher.encryptBlock(bytes, 1);
    assert.equal(toHex(bytes), `a5${ciphertext}5a`);
    cipher.decryptBlock(bytes, 1);
    assert.equal(toHex(bytes), `a5${plaintext}5a`);
  }
});
