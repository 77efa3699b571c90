import assert from 'node:assert/strict';
import { test } from 'node:test';
import { portableCiphers, type CipherInput } from '#core/crypto/portable-cipher.ts';
import { hexBytes, present, readFixture } from '#test/fixtures/read-fixture.ts';

type Row = {
  id: string;
  level: string;
  algorithm: { encr: string };
  encrKey: string;
  iv: string;
  nonce?: string;
  aad?: string;
  plaintext: string;
  ciphertext: string;
  icv?: string;
};
const { vectors } = readFixture<{ vectors: Row[] }>('esp-vectors.json');

/** IANA IKEv2 transform ids of the vector file's names. */
const ids: Readonly<Record<string, number>> = { 'AES-CBC': 12, 'AES-GCM-16': 20, 'CHACHA20-POLY1305': 28 };

test('encrypts and decrypts the published primitives (RFC 3602 §4, RFC 8439 §2.8.2, RFC 7634 A)', () => {
  const rows = vectors.filter((row) => ['cipher', 'aead'].includes(row.level) && ids[row.algorithm.encr] !== undefined);
  assert.ok(rows.length >= 6, `${rows.length} vectors`);
  for (const row of rows) {
    const cipher = present(portableCiphers.get(present(ids[row.algorithm.encr])));
    const input: CipherInput = {
      key: hexBytes(row.encrKey),
      nonce: hexBytes(row.nonce ?? row.iv),
      aad: hexBytes(row.aad ?? ''),
    };
    const ciphertext = hexBytes(row.ciphertext + (row.icv ?? ''));
    assert.deepEqual(cipher.encrypt(input, hexBytes(row.plaintext)), ciphertext, row.id);
    assert.deepEqual(cipher.decrypt(input, ciphertext), hexBytes(row.plaintext), row.id);
  }
});

test('an AEAD answers null, and does not throw, for a tag that does not match', () => {
  for (const id of [20, 28]) {
    const cipher = present(portableCiphers.get(id));
    const input = { key: new Uint8Array(32).fill(1), nonce: new Uint8Array(12), aad: new Uint8Array(8) };
    const sealed = cipher.encrypt(input, new Uint8Array(40));
    assert.equal(sealed.length, 56);
    sealed[55]! ^= 1;
    assert.equal(cipher.decrypt(input, sealed), null);
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
