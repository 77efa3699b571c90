import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toHex } from '#core/base/bytes.ts';
import { IpsecError } from '#core/base/error.ts';
import { encryptionAlgorithms, encryptionRow, integrityAlgorithms } from '#core/crypto/algorithms.ts';
import type { EncryptionAlgorithmName, IntegrityAlgorithmName } from '#core/crypto/algorithms.ts';
import { KeyMaterial } from '#core/crypto/key-material.ts';
import { acceptedEncryptionKeyBits, checkSuiteKeys, resolveSuite, wipeSpec } from '#core/crypto/resolve-suite.ts';
import { paddingKinds } from '#core/crypto/transform.ts';
import { hexBytes } from '#test/fixtures/read-fixture.ts';

function suite(
  encryption: EncryptionAlgorithmName,
  keyBytes: number,
  integrity: IntegrityAlgorithmName | null = null,
  integrityKeyBytes: number | null = null,
): Parameters<typeof resolveSuite>[0] {
  return {
    encryption,
    encryptionKey: new KeyMaterial(new Uint8Array(keyBytes).fill(0x5e)),
    integrity,
    integrityKey: integrityKeyBytes === null ? null : new KeyMaterial(new Uint8Array(integrityKeyBytes).fill(0x5e)),
    padding: paddingKinds.sequential,
  };
}

test('takes the salt of an AEAD from the end of its key (RFC 4106 §8.1)', () => {
  const key = hexBytes('4c80cdefbb5d10da906ac73c3613a6342e443b68');
  const spec = resolveSuite({ ...suite('aes-gcm-16', 0), encryptionKey: new KeyMaterial(key) });
  assert.equal(spec.encryptionId, 20);
  assert.equal(spec.integrityId, 0);
  assert.equal(toHex(spec.key), '4c80cdefbb5d10da906ac73c3613a634');
  assert.equal(toHex(spec.salt), '2e443b68');
  assert.equal(spec.integrityKey.length, 0);
});

test('a key of setkey has the bits that NetBSD says, salt included', () => {
  const bits = (name: EncryptionAlgorithmName): string => acceptedEncryptionKeyBits(encryptionRow(name)).join('/');
  for (const name of ['aes-gcm-16', 'aes-gcm-12', 'aes-gcm-8', 'aes-gmac', 'aes-ctr'] as const) {
    assert.equal(bits(name), '160/224/288', name);
  }
  assert.equal(bits('aes-ccm-16'), '152/216/280');
  for (const name of ['aes-cbc', 'camellia-cbc'] as const) assert.equal(bits(name), '128/192/256', name);
  assert.equal(bits('3des-cbc'), '192');
  assert.equal(bits('chacha20-poly1305'), '288');
});

test('the salt of AES-CCM is three bytes, the nonce of AES-CTR four (RFC 4309 §4, RFC 3686 §4)', () => {
  const resolve = (encryption: EncryptionAlgorithmName, salt: string): string => {
    const encryptionKey = new KeyMaterial(hexBytes('5e'.repeat(16) + salt));
    return toHex(resolveSuite({ ...suite(encryption, 0), encryptionKey }).salt);
  };
  assert.equal(resolve('aes-ccm-16', 'a0a1a2'), 'a0a1a2');
  assert.equal(resolve('aes-ctr', 'a0a1a2a3'), 'a0a1a2a3');
  assert.equal(resolve('aes-gmac', 'a0a1a2a3'), 'a0a1a2a3');
});

test('accepts every key length of every row, and no other up to 70 bytes', () => {
  for (const encryption of Object.keys(encryptionAlgorithms) as EncryptionAlgorithmName[]) {
    const accepted = acceptedEncryptionKeyBits(encryptionRow(encryption)).map((bits) => bits / 8);
    for (let bytes = 0; bytes <= 70; bytes++) {
      const check = (): void => checkSuiteKeys(suite(encryption, bytes));
      if (accepted.includes(bytes)) assert.doesNotThrow(check, `${encryption} ${bytes}`);
      else assert.throws(check, (error) => error instanceof IpsecError && error.code === 'KEY_LENGTH');
    }
  }
  for (const integrity of Object.keys(integrityAlgorithms) as IntegrityAlgorithmName[]) {
    for (let bytes = 0; bytes <= 70; bytes++) {
      const check = (): void => checkSuiteKeys(suite('aes-cbc', 16, integrity, bytes));
      if (bytes * 8 === integrityAlgorithms[integrity].keyBits) assert.doesNotThrow(check, `${integrity} ${bytes}`);
      else assert.throws(check, (error) => error instanceof IpsecError && error.code === 'KEY_LENGTH');
    }
  }
});

test('a wrong length is named with the field and the accepted lengths in bits, salt included, and no key byte', () => {
  const messageOf = (input: Parameters<typeof resolveSuite>[0]): [string, unknown] => {
    try {
      resolveSuite(input);
    } catch (error) {
      assert.ok(error instanceof IpsecError);
      assert.equal(JSON.stringify([error.message, error.details, error.stack]).includes('5e5e'), false);
      return [error.message, error.details['field']];
    }
    return assert.fail('accepted');
  };
  assert.deepEqual(messageOf(suite('aes-gcm-16', 16)), [
    'aes-gcm-16 takes 160, 224 or 288 bits, not 128 bits',
    'encryptionKey',
  ]);
  assert.deepEqual(messageOf(suite('chacha20-poly1305', 32)), [
    'chacha20-poly1305 takes 288 bits, not 256 bits',
    'encryptionKey',
  ]);
  assert.deepEqual(messageOf(suite('null', 4, 'hmac-sha1', 20)), ['null takes no key, not 32 bits', 'encryptionKey']);
  assert.deepEqual(messageOf(suite('aes-cbc', 16, 'hmac-sha256', 20)), [
    'hmac-sha256 takes 256 bits, not 160 bits',
    'integrityKey',
  ]);
  assert.deepEqual(messageOf(suite('aes-cbc', 16, 'hmac-sha256')), [
    'hmac-sha256 takes 256 bits, not 0 bits',
    'integrityKey',
  ]);
  assert.deepEqual(messageOf(suite('aes-cbc', 16, null, 20)), [
    'no integrity algorithm takes no key, not 160 bits',
    'integrityKey',
  ]);
});

test('an AEAD takes no second integrity algorithm', () => {
  assert.throws(
    () => resolveSuite(suite('aes-gcm-16', 20, 'hmac-sha256', 32)),
    (error) => error instanceof IpsecError && error.code === 'ALGORITHM_INTEGRITY',
  );
});

test('ciphers resolve without integrity: whether that is allowed is not decided here', () => {
  assert.equal(resolveSuite(suite('aes-cbc', 16)).integrityId, 0);
  assert.equal(resolveSuite(suite('null', 0)).encryptionId, 11);
});

test('a wiped spec leaves the key material alone', () => {
  const input = suite('aes-cbc', 16, 'hmac-sha1', 20);
  const spec = resolveSuite(input);
  wipeSpec(spec);
  assert.ok([...spec.key, ...spec.salt, ...spec.integrityKey].every((byte) => byte === 0));
  assert.ok(input.encryptionKey.reveal().every((byte) => byte === 0x5e));
});
