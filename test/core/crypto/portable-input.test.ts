import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toHex } from '#core/base/bytes.ts';
import { additionalData, integritySuffix, nonceOf } from '#core/crypto/portable-input.ts';
import { createPortableSuite } from '#core/crypto/portable-suite.ts';
import { paddingKinds } from '#core/crypto/transform.ts';
import { espVectors } from '#test/conformance/esp-vectors.ts';
import { hexBytes, present, readFixture } from '#test/fixtures/read-fixture.ts';

test('authenticates SPI, high word with ESN, and low word, as the published packets do (RFC 4106 §5)', () => {
  type Row = { id: string; level: string; aad?: string };
  const { vectors } = readFixture<{ vectors: Row[] }>('esp-vectors.json');
  const published = new Map(vectors.map((row) => [row.id, row.aad]));
  let checked = 0;
  for (const vector of espVectors('esp-vectors.json')) {
    const aad = published.get(vector.id);
    if (aad === undefined || !vector.hasCounterIv) continue;
    // GMAC's additional data goes on with IV and plaintext (RFC 4543 §3.3), which its cipher adds.
    const expected = vector.spec.encryptionId === 21 ? aad.slice(0, vector.hasEsn ? 24 : 16) : aad;
    assert.equal(toHex(additionalData(vector.packet, vector.hasEsn, vector.sequenceHigh)), expected, vector.id);
    checked++;
  }
  assert.ok(checked >= 15, `${checked} vectors`);
});

test('the high word goes behind the ciphertext for a separate MAC, and nothing without ESN (RFC 4303 §2.2.1)', () => {
  assert.equal(toHex(integritySuffix(true, 0x89abcdef)), '89abcdef');
  assert.equal(toHex(integritySuffix(true, 0x89abcdef | 0)), '89abcdef');
  assert.equal(integritySuffix(false, 7).length, 0);
});

test('a nonce is salt and IV for a counter mode, the IV alone for CBC (RFC 4106 §4, RFC 4309 §4, RFC 3602 §3)', () => {
  const packet = hexBytes('0000100100000001101112131415161718191a1b1c1d1e1f20');
  const spec = { integrityId: 0, integrityKey: new Uint8Array(0), padding: paddingKinds.sequential };
  const gcm = createPortableSuite({ ...spec, encryptionId: 20, key: new Uint8Array(16), salt: hexBytes('a0a1a2a3') });
  const ccm = createPortableSuite({ ...spec, encryptionId: 16, key: new Uint8Array(16), salt: hexBytes('a0a1a2') });
  const cbc = createPortableSuite({ ...spec, encryptionId: 12, key: new Uint8Array(16), salt: new Uint8Array(0) });
  assert.equal(toHex(nonceOf(gcm, packet)), 'a0a1a2a31011121314151617');
  assert.equal(toHex(nonceOf(ccm, packet)), 'a0a1a21011121314151617');
  assert.equal(toHex(nonceOf(cbc, packet)), '101112131415161718191a1b1c1d1e1f');
  assert.ok(present(gcm).isAead);
});
