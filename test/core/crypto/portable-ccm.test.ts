import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toHex } from '#core/base/bytes.ts';
import { openCcm, sealCcm } from '#core/crypto/portable-ccm.ts';
import { hexBytes } from '#test/fixtures/read-fixture.ts';

/** RFC 3610 §8, packet vectors 1 to 3: nonce and additional data of 13 and 8 octets, M = 8. */
const published = [
  {
    nonce: '00000003020100a0a1a2a3a4a5',
    length: 23,
    sealed: '588c979a61c663d2f066d0c2c0f989806d5f6b61dac38417e8d12cfdf926e0',
  },
  {
    nonce: '00000004030201a0a1a2a3a4a5',
    length: 24,
    sealed: '72c91a36e135f8cf291ca894085c87e3cc15c439c9e43a3ba091d56e10400916',
  },
  {
    nonce: '00000005040302a0a1a2a3a4a5',
    length: 25,
    sealed: '51b1e5f44a197d1da46b0f8e2d282ae871e838bb64da8596574adaa76fbd9fb0c5',
  },
] as const;
const key = hexBytes('c0c1c2c3c4c5c6c7c8c9cacbcccdcecf');
const aad = hexBytes('0001020304050607');
const counting = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => index + 8);

test('seals and opens the published packets (RFC 3610 §8)', () => {
  for (const { nonce, length, sealed } of published) {
    const input = { key, nonce: hexBytes(nonce), aad };
    assert.equal(toHex(sealCcm(input, 8, counting(length))), sealed);
    assert.deepEqual(openCcm(input, 8, hexBytes(sealed)), counting(length));
  }
});

test('seals NIST SP 800-38C example 2, whose ICV has 6 octets', () => {
  const input = {
    key: hexBytes('404142434445464748494a4b4c4d4e4f'),
    nonce: hexBytes('1011121314151617'),
    aad: hexBytes('000102030405060708090a0b0c0d0e0f'),
  };
  const sealed = sealCcm(input, 6, hexBytes('202122232425262728292a2b2c2d2e2f'));
  assert.equal(toHex(sealed), 'd2a1f0e051ea5f62081a7792073d593d1fc64fbfaccd');
});

test('opens nothing with one bit changed in key, nonce, additional data, ciphertext or ICV', () => {
  const input = { key, nonce: new Uint8Array(11).fill(3), aad };
  const sealed = sealCcm(input, 16, counting(20));
  assert.equal(sealed.length, 36);
  for (const field of ['key', 'nonce', 'aad'] as const) {
    const changed = input[field].slice();
    changed[changed.length - 1]! ^= 1;
    assert.equal(openCcm({ ...input, [field]: changed }, 16, sealed), null, field);
  }
  for (let at = 0; at < sealed.length; at++) {
    const forged = sealed.slice();
    forged[at]! ^= 0x40;
    assert.equal(openCcm(input, 16, forged), null, `byte ${at}`);
  }
});

test('without additional data the flags say so, and an empty plaintext has an ICV', () => {
  const input = { key, nonce: new Uint8Array(11), aad: new Uint8Array(0) };
  const sealed = sealCcm(input, 16, new Uint8Array(0));
  assert.equal(sealed.length, 16);
  assert.deepEqual(openCcm(input, 16, sealed), new Uint8Array(0));
  assert.equal(openCcm({ ...input, aad }, 16, sealed), null);
});
