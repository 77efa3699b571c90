import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readU16, writeU16 } from '#core/base/bytes.ts';
import {
  checksumSum,
  completePartialChecksum,
  foldChecksum,
  internetChecksum,
  ipv4PseudoHeaderSum,
  replaceWord,
  updateChecksum,
} from '#core/ip/checksum.ts';
import { hexBytes } from '#test/fixtures/read-fixture.ts';

const someBytes = fc.uint8Array({ minLength: 2, maxLength: 200 });

/** RFC 1071 §1 taken word by word, with the carry added at once. */
function slowChecksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let index = 0; index < bytes.length; index += 2) {
    sum += (bytes[index]! << 8) + (bytes[index + 1] ?? 0);
    sum = (sum & 0xffff) + (sum >> 16);
  }
  return ~sum & 0xffff;
}

test("sums RFC 1071's example", () => {
  const bytes = Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7);
  assert.equal(internetChecksum(bytes, 0, 8), 0xffff ^ 0xddf2);
});

test('agrees with a word-by-word sum at every offset and odd length', () => {
  fc.assert(
    fc.property(someBytes, fc.nat(1), (bytes, offset) => {
      assert.equal(internetChecksum(bytes, offset, bytes.length - offset), slowChecksum(bytes.slice(offset)));
    }),
  );
});

test('loses no carry on the largest packet of the largest words', () => {
  const bytes = new Uint8Array(65535).fill(0xff);
  assert.equal(internetChecksum(bytes, 0, bytes.length), slowChecksum(bytes));
  assert.equal(foldChecksum(checksumSum(bytes, 0, 65534, checksumSum(bytes, 0, 65534))), 0);
});

test('an incremental update gives what a new sum gives (RFC 1624 equation 3)', () => {
  fc.assert(
    fc.property(someBytes, fc.nat(0xffff), (bytes, word) => {
      // RFC 1624 §3: only all-zero data tells the two zeros apart; a header never is.
      bytes[1]! |= 1;
      const at = (bytes.length >> 2) * 2 === 0 ? 0 : 2 * ((bytes.length >> 2) - 1) + 2;
      if (at + 2 > bytes.length || at === 0) return;
      const before = internetChecksum(bytes, 0, bytes.length);
      const oldWord = readU16(bytes, at);
      writeU16(bytes, at, word);
      assert.equal(updateChecksum(before, oldWord, word), internetChecksum(bytes, 0, bytes.length));
    }),
  );
});

test("updates RFC 1624's example to 0, where the older equation gave 0xffff", () => {
  assert.equal(updateChecksum(0xdd2f, 0x5555, 0x3285), 0x0000);
});

test('replaces a word and keeps the checksum over it right', () => {
  const header = hexBytes('4500001c123440003f11d463c633640ac63364c8');
  replaceWord(header, 0, 0x4503, 10);
  assert.equal(readU16(header, 0), 0x4503);
  assert.equal(internetChecksum(header, 0, 20), 0);
});

test('completes a partial checksum so that the datagram verifies (virtio-net NEEDS_CSUM)', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 0, maxLength: 64 }), fc.nat(3), (payload, offset) => {
      const packet = partialUdpPacket(payload, offset);
      const length = packet.length - offset;
      assert.equal(completePartialChecksum(packet, offset, length, 20, 6), true);
      const pseudoHeader = ipv4PseudoHeaderSum(packet, offset, 17, length - 20);
      assert.equal(foldChecksum(checksumSum(packet, offset + 20, length - 20, pseudoHeader)), 0);
      assert.notEqual(readU16(packet, offset + 26), 0);
    }),
  );
});

test('sends a UDP checksum of 0 as 0xffff and leaves a TCP one alone (RFC 768)', () => {
  const udp = new Uint8Array(28);
  writeU16(udp, 20, 0xffff);
  assert.equal(completePartialChecksum(udp, 0, 28, 20, 6), true);
  assert.equal(readU16(udp, 26), 0xffff);
  const tcp = new Uint8Array(40);
  writeU16(tcp, 20, 0xffff);
  assert.equal(completePartialChecksum(tcp, 0, 40, 20, 16), true);
  assert.equal(readU16(tcp, 36), 0);
});

test('refuses a checksum field that lies outside the transport header, and changes nothing', () => {
  const bytes = new Uint8Array(32).fill(0xa5);
  for (const [start, offset] of [
    [20, 12],
    [31, 0],
    [-1, 6],
    [19, 6],
    [20, 5],
    [0, -1],
    [65535, 6],
  ] as const) {
    assert.equal(completePartialChecksum(bytes, 0, 32, start, offset), false, `${start} ${offset}`);
  }
  assert.equal(
    bytes.every((byte) => byte === 0xa5),
    true,
  );
});

function partialUdpPacket(payload: Uint8Array, offset: number): Uint8Array {
  const length = 28 + payload.length;
  const packet = new Uint8Array(offset + length);
  packet.set(hexBytes('450000000000400040110000c0000201c0000202'), offset);
  writeU16(packet, offset + 2, length);
  packet.set([0x12, 0x34, 0x56, 0x78], offset + 20);
  writeU16(packet, offset + 24, 8 + payload.length);
  packet.set(payload, offset + 28);
  const partial = foldChecksum(ipv4PseudoHeaderSum(packet, offset, 17, 8 + payload.length)) ^ 0xffff;
  writeU16(packet, offset + 26, partial);
  return packet;
}
