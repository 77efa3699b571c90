import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encryptionAlgorithms, encryptionRow } from '#core/crypto/algorithms.ts';
import { portableCiphers, type CipherInput } from '#core/crypto/portable-cipher.ts';
import { encryptionNames } from '#test/conformance/esp-vectors.ts';
import { hexBytes, present, readFixture } from '#test/fixtures/read-fixture.ts';

type Row = {
  id: string;
  level: string;
  algorithm: { encr: string };
  encrKey: string;
  salt?: string;
  iv: string;
  nonce?: string;
  aad?: string;
  plaintext: string;
  ciphertext: string;
  icv?: string;
};
const { vectors } = readFixture<{ vectors: Row[] }>('esp-vectors.json');

test('encrypts and decrypts the published primitives (RFC 3602 §4, RFC 3686 §6, RFC 8439 §2.8.2, RFC 7634 A)', () => {
  const rows = vectors.filter((row) => ['cipher', 'aead'].includes(row.level));
  assert.equal(rows.length, 15);
  for (const row of rows) {
    const name = present(encryptionNames[row.algorithm.encr], row.algorithm.encr);
    const cipher = present(portableCiphers.get(encryptionRow(name).ikeTransformId));
    const input: CipherInput = {
      key: hexBytes(row.encrKey),
      nonce: hexBytes(row.nonce ?? (row.salt ?? '') + row.iv),
      aad: hexBytes(row.aad ?? ''),
    };
    const ciphertext = hexBytes(row.ciphertext + (row.icv ?? ''));
    assert.deepEqual(cipher.encrypt(input, hexBytes(row.plaintext)), ciphertext, row.id);
    assert.deepEqual(cipher.decrypt(input, ciphertext), hexBytes(row.plaintext), row.id);
  }
});

test('an AEAD answers null, and does not throw, for a tag that does not match', () => {
  for (const row of Object.values(encryptionAlgorithms)) {
    if (row.kind !== 'aead') continue;
    const cipher = present(portableCiphers.get(row.ikeTransformId));
    const nonce = new Uint8Array(row.saltBytes + row.ivBytes);
    const input = { key: new Uint8Array(32).fill(1), nonce, aad: new Uint8Array(8) };
    const sealed = cipher.encrypt(input, new Uint8Array(40));
    assert.equal(sealed.length, 40 + row.icvBytes, row.label);
    sealed[sealed.length - 1]! ^= 1;
    assert.equal(cipher.decrypt(input, sealed), null, row.label);
  }
});

test('null passes a copy on, so that the caller may overwrite what it gave', () => {
  const cipher = present(portableCiphers.get(11));
  const input = { key: new Uint8Array(0), nonce: new Uint8Array(0), aad: new Uint8Array(0) };
  const plaintext = Uint8Array.of(1, 2, 3);
  const out = cipher.encrypt(input, plaintext);
  plaintext.fill(9);
  assert.deepEqual(out, Uint8Array.of(1, 2, 3));
  assert.deepEqual(cipher.decrypt(input, out), out);
});
