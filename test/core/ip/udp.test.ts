import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toHex, writeU16 } from '#core/base/bytes.ts';
import {
  emitUdpHeader,
  isUdpChecksumValid,
  udpChecksum,
  udpDestinationPort,
  udpHeaderBytes,
  udpLength,
  udpSourcePort,
  writeUdpChecksum,
} from '#core/ip/udp.ts';
import { hexBytes, present, readFixture } from '#test/fixtures/read-fixture.ts';

type Generated = { id: string; encap: string; outerFamily: number; outerPacket: string };
const encapsulated = readFixture<{ vectors: Generated[] }>('generated-vectors.json').vectors.filter(
  (vector) => vector.encap === 'udp',
);

test('writes every byte of a header and reads it back', () => {
  const bytes = new Uint8Array(12).fill(0xa5);
  emitUdpHeader({ sourcePort: 4500, destinationPort: 65535, length: 1234, checksum: 0 }, bytes, 2);
  assert.equal(toHex(bytes), 'a5a51194ffff04d20000a5a5');
  assert.equal(udpSourcePort(bytes, 2), 4500);
  assert.equal(udpDestinationPort(bytes, 2), 65535);
  assert.equal(udpLength(bytes, 2), 1234);
  assert.equal(udpChecksum(bytes, 2), 0);
  assert.equal(udpHeaderBytes, 8);
});

test('computes the checksums of the generated IPv6 packets, and finds them valid', () => {
  const overIpv6 = encapsulated.filter((vector) => vector.outerFamily === 6);
  assert.equal(overIpv6.length, 3);
  for (const vector of overIpv6) {
    const packet = hexBytes(vector.outerPacket);
    assert.equal(isUdpChecksumValid(packet, 0, 40), true, vector.id);
    const expected = toHex(packet);
    writeU16(packet, 46, 0xa5a5);
    assert.equal(isUdpChecksumValid(packet, 0, 40), false, vector.id);
    writeUdpChecksum(packet, 0, 40);
    assert.equal(toHex(packet), expected, vector.id);
  }
});

test('no checksum is right over IPv4 and wrong over IPv6 (RFC 768, RFC 8200 §8.1)', () => {
  const ipv4 = hexBytes('4500001f000040004011f6ccc0000201c0000202119411940005000089ca8b');
  writeU16(ipv4, 24, 11);
  assert.equal(isUdpChecksumValid(ipv4, 0, 20), true);
  writeUdpChecksum(ipv4, 0, 20);
  assert.notEqual(udpChecksum(ipv4, 20), 0);
  assert.equal(isUdpChecksumValid(ipv4, 0, 20), true);
  ipv4[30]! ^= 1;
  assert.equal(isUdpChecksumValid(ipv4, 0, 20), false);
  const ipv6 = hexBytes(present(encapsulated.find((vector) => vector.outerFamily === 6)).outerPacket);
  writeU16(ipv6, 46, 0);
  assert.equal(isUdpChecksumValid(ipv6, 0, 40), false);
});

test('sends a computed checksum of 0 as 0xffff', () => {
  const packet = hexBytes('4500001e000040004011000000000000000000000000000000000a0000ffd2').slice(0, 30);
  packet.set([0, 0, 0, 0, 0, 10, 0, 0], 20);
  // Pseudo-header 17 + 10, header 10: the payload makes the sum 0xffff.
  writeU16(packet, 28, 0xffff - 37);
  writeUdpChecksum(packet, 0, 20);
  assert.equal(udpChecksum(packet, 20), 0xffff);
  assert.equal(isUdpChecksumValid(packet, 0, 20), true);
});
