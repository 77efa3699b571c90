import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boreOfPath, tunnelSection } from '#core/api/reading/tunnel-section.ts';

const gcm = { encryption: 'aes-gcm-16', integrity: null };
const cbc = { encryption: 'aes-cbc', integrity: 'hmac-sha256' };
const plain = { outerFamily: 4, hasUdp: false } as const;
const natT = { outerFamily: 4, hasUdp: true } as const;

test('AES-GCM in UDP around 1438 bytes makes a packet of 1500', () => {
  assert.deepEqual(tunnelSection(1438, gcm, natT), {
    outside: 1500,
    bore: 1438,
    wall: 62,
    ipHeader: 20,
    udpHeader: 8,
    espAndIv: 16,
    trailer: 2,
    check: 16,
  });
});

test('the wall’s parts add up, padding included, for a cipher with blocks of 16 bytes', () => {
  for (let mtu = 1280; mtu < 1312; mtu++) {
    const section = tunnelSection(mtu, cbc, { outerFamily: 6, hasUdp: false });
    assert.ok(section !== null);
    const { ipHeader, udpHeader, espAndIv, trailer, check, wall, outside } = section;
    assert.equal(ipHeader + udpHeader + espAndIv + trailer + check, wall);
    assert.equal(outside, mtu + wall);
    assert.ok(trailer >= 2 && trailer < 18, String(trailer));
    assert.equal((mtu + trailer) % 16, 0);
  }
});

test('what a path carries is the largest packet that still fits it', () => {
  const bore = boreOfPath(1500, gcm, plain);
  assert.equal(bore, 1446);
  assert.equal(tunnelSection(1446, gcm, plain)?.outside, 1500);
  assert.equal(tunnelSection(1447, gcm, plain)?.outside, 1504);
});

test('a suite that the registry does not have has no section', () => {
  assert.equal(tunnelSection(1280, { encryption: 'rot13', integrity: null }, plain), null);
  assert.equal(boreOfPath(1500, { encryption: 'aes-cbc', integrity: 'rot13' }, plain), null);
});
