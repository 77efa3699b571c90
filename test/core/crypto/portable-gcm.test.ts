import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toHex } from '#core/base/bytes.ts';
import { openGcm, openGmac, sealGcm, sealGmac } from '#core/crypto/portable-gcm.ts';
import { hexBytes } from '#test/fixtures/read-fixture.ts';

/** The GCM specification's test case 4. */
const input = {
  key: hexBytes('feffe9928665731c6d6a8f9467308308'),
  nonce: hexBytes('cafebabefacedbaddecaf888'),
  aad: hexBytes('feedfacedeadbeeffeedfacedeadbeefabaddad2'),
};
const plaintext = hexBytes(
  'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72' +
    '1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39',
);
const ciphertext =
  '42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e' +
  '21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091';
const tag = '5bc94fbc3221a5db94fae95ae7121a47';

test('seals the published packet, and a shorter ICV is the front of the full one (NIST SP 800-38D §7.1)', () => {
  for (const icvBytes of [8, 12, 16]) {
    const sealed = sealGcm(input, icvBytes, plaintext);
    assert.equal(toHex(sealed), ciphertext + tag.slice(0, icvBytes * 2));
    assert.deepEqual(openGcm(input, icvBytes, sealed), plaintext);
    for (let at = 0; at < sealed.length; at++) {
      const forged = sealed.slice();
      forged[at]! ^= 1;
      assert.equal(openGcm(input, icvBytes, forged), null, `ICV of ${icvBytes}, byte ${at}`);
    }
  }
});

test('an ICV of one length does not pass for one of another', () => {
  assert.equal(openGcm(input, 12, sealGcm(input, 16, plaintext)), null);
  assert.equal(openGcm(input, 16, sealGcm(input, 12, plaintext)), null);
});

test('GMAC encrypts nothing and authenticates header, IV and plaintext (RFC 4543 §3.3)', () => {
  const header = hexBytes('0000432100000007');
  const gmacInput = { ...input, aad: header };
  const sealed = sealGmac(gmacInput, plaintext);
  const iv = toHex(input.nonce.slice(4));
  const whole = hexBytes(toHex(header) + iv + toHex(plaintext));
  assert.equal(toHex(sealed.slice(0, plaintext.length)), toHex(plaintext));
  assert.deepEqual(sealed.slice(plaintext.length), sealGcm({ ...input, aad: whole }, 16, new Uint8Array(0)));
  assert.deepEqual(openGmac(gmacInput, sealed), plaintext);
  for (let at = 0; at < sealed.length; at++) {
    const forged = sealed.slice();
    forged[at]! ^= 1;
    assert.equal(openGmac(gmacInput, forged), null, `byte ${at}`);
  }
});
