import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addedBytes, largestPacket } from '#core/profile/profile-size.ts';

const gcm = { encryption: 'aes-gcm-16', integrity: null } as const;
const cbc = { encryption: 'aes-cbc', integrity: 'hmac-sha256' } as const;
const path = { outerFamily: 4, hasUdp: false, outerMtu: 1500 } as const;

test('AES-GCM over IPv4 carries 1446 of 1500 bytes: 20 IP, 8 ESP, 8 IV, 2 trailer, 16 ICV (RFC 4303 §2)', () => {
  assert.equal(largestPacket(gcm, path), 1446);
  assert.equal(addedBytes(gcm, path), 54);
});

test('UDP encapsulation takes eight bytes more (RFC 3948 §2.1), IPv6 outside twenty', () => {
  assert.equal(largestPacket(gcm, { ...path, hasUdp: true }), 1438);
  assert.equal(largestPacket(gcm, { ...path, outerFamily: 6 }), 1426);
});

test('a block cipher loses what does not fill its last block', () => {
  // 1500 - 20 - 8 - 16 - 16 = 1440 = 90 blocks, less two bytes of trailer.
  assert.equal(largestPacket(cbc, path), 1438);
  assert.equal(addedBytes(cbc, path), 62);
});

test('a path that carries no packet at all gives 0', () => {
  assert.equal(largestPacket(cbc, { ...path, outerMtu: 40 }), 0);
});
