import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  buildEchoPacket,
  buildIpPacket,
  buildUdpPacket,
  packetDestination,
  packetSource,
} from '#core/host/memory/ip-packet.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { internetChecksum, ipv6PseudoHeaderSum } from '#core/ip/checksum.ts';
import { checkIpHeader, HeaderCheck } from '#core/ip/header-check.ts';
import { isUdpChecksumValid, udpChecksum } from '#core/ip/udp.ts';

const pair4 = { source: parseIpAddress('10.0.0.1'), destination: parseIpAddress('10.0.0.2') };
const pair6 = { source: parseIpAddress('fd00::1'), destination: parseIpAddress('fd00::2') };

test('packets of both versions have valid headers and give their addresses back', () => {
  for (const pair of [pair4, pair6]) {
    const packet = buildIpPacket({ ...pair, protocol: 253, tos: 0x2e, timeToLive: 9 }, new Uint8Array(11));
    assert.equal(checkIpHeader(packet, 0, packet.length, 0), HeaderCheck.valid);
    assert.deepEqual([packetSource(packet), packetDestination(packet)], [pair.source, pair.destination]);
    assert.equal(packet[pair === pair4 ? 8 : 7], 9);
  }
});

test('UDP has a checksum that fits, and none only over IPv4 (RFC 8200 §8.1)', () => {
  for (const hasNoChecksum of [false, true]) {
    for (const [pair, upper] of [
      [pair4, 20],
      [pair6, 40],
    ] as const) {
      const packet = buildUdpPacket({
        ...pair,
        sourcePort: 5,
        destinationPort: 6,
        payload: new Uint8Array(7),
        hasNoChecksum,
      });
      assert.ok(isUdpChecksumValid(packet, 0, upper));
      assert.equal(udpChecksum(packet, upper) === 0, hasNoChecksum && pair === pair4);
    }
  }
});

test('echo messages have checksums that fit', () => {
  const echo = { isReply: true, identifier: 3, sequence: 4, payload: Uint8Array.of(1, 2, 3) };
  const packet4 = buildEchoPacket(pair4, echo);
  assert.equal(internetChecksum(packet4, 20, packet4.length - 20), 0);
  const packet6 = buildEchoPacket(pair6, echo);
  const pseudoHeader = ipv6PseudoHeaderSum(packet6, 0, 58, packet6.length - 40);
  assert.equal(internetChecksum(packet6, 40, packet6.length - 40, pseudoHeader), 0);
  assert.deepEqual([packet4[20], packet6[40]], [0, 129]);
});
