import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPacket } from '#core/crypto/portable-open.ts';
import { createPortableSuite } from '#core/crypto/portable-suite.ts';
import { OpenError } from '#core/crypto/transform.ts';
import { espVectors } from '#test/conformance/esp-vectors.ts';
import { present } from '#test/fixtures/read-fixture.ts';

const cbc = present(
  espVectors('generated-vectors.json').find((entry) => entry.ivBytes === 16 && entry.spec.integrityId > 0),
);

test('puts the plaintext where the ciphertext was and leaves header, IV and ICV', () => {
  const suite = createPortableSuite(cbc.spec);
  const packet = cbc.packet.slice();
  const length = openPacket(suite, packet, cbc.hasEsn, cbc.sequenceHigh);
  assert.equal(length, cbc.plaintext.length);
  assert.deepEqual(packet.slice(24, 24 + length), cbc.plaintext);
  assert.deepEqual(packet.slice(0, 24), cbc.packet.slice(0, 24));
  assert.deepEqual(packet.slice(24 + length), cbc.packet.slice(24 + length));
});

test('decrypts nothing before the ICV has verified (RFC 4303 §3.4.4)', () => {
  const suite = createPortableSuite(cbc.spec);
  const cipher = { encrypt: () => assert.fail('encrypt'), decrypt: () => assert.fail('decrypted a forged packet') };
  const forged = cbc.packet.slice();
  forged[forged.length - 1]! ^= 1;
  const before = forged.slice();
  assert.equal(openPacket({ ...suite, cipher }, forged, cbc.hasEsn, cbc.sequenceHigh), OpenError.authentication);
  assert.deepEqual(forged, before);
});
