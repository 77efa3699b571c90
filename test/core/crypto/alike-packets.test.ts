import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countAlike } from '#core/crypto/alike-packets.ts';
import { OpenError, OpenRow } from '#core/crypto/transform.ts';
import { buildUdpPacket } from '#core/host/memory/ip-packet.ts';
import { parseIpAddress } from '#core/ip/address.ts';

const pair = { source: parseIpAddress('10.1.0.1'), destination: parseIpAddress('10.2.0.1') };

/** A UDP packet of 36 bytes with two bytes of padding. */
function plaintext(identification = 0, trailer: readonly number[] = [1, 2, 2, 4]): Uint8Array {
  const payload = new Uint8Array(8).fill(identification);
  const packet = buildUdpPacket({ ...pair, sourcePort: 1, destinationPort: 2, payload, identification });
  return Uint8Array.from([...packet, ...trailer]);
}

/** Plaintexts as an engine leaves them, with a gap between; a number is the error of a packet that did not open. */
function alike(...results: readonly (Uint8Array | number)[]): number {
  const rows = new Int32Array(results.length * OpenRow.stride);
  const arena = new Uint8Array(results.length * 100).fill(0xa5);
  for (const [index, result] of results.entries()) {
    const at = index * OpenRow.stride;
    rows[at + OpenRow.outOffset] = index * 100;
    rows[at + OpenRow.outLength] = typeof result === 'number' ? result : result.length;
    if (typeof result !== 'number') arena.set(result, index * 100);
  }
  return countAlike(arena, rows, results.length);
}

test('packets are alike up to the first that did not verify, and none is where that is the first', () => {
  const { authentication } = OpenError;
  assert.equal(alike(plaintext(1), plaintext(2), authentication, plaintext(3)), 2);
  assert.equal(alike(authentication, plaintext(1), plaintext(1)), 0);
});

test('other padding, another pad length and another next header are not alike', () => {
  for (const trailer of [
    [1, 3, 2, 4],
    [1, 1, 1, 4],
    [1, 2, 2, 41],
  ]) {
    assert.equal(alike(plaintext(1), plaintext(2, trailer)), 1, String(trailer));
  }
});

test('a pad length beyond the packet, or one that leaves no room for a header, makes nothing alike', () => {
  for (const padding of [19, 36, 38, 39, 255]) {
    const whole = plaintext(1, [0, 0, padding, 4]);
    assert.equal(alike(whole, whole), 1, `${padding}`);
  }
  assert.equal(alike(Uint8Array.of(0, 4), Uint8Array.of(0, 4)), 1);
});
