import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readU16, writeU16 } from '#core/base/bytes.ts';
import { checkIpHeader, HeaderCheck } from '#core/ip/header-check.ts';
import { emitIpv4Fragment, fragmentPayloadBytes } from '#core/ip/ipv4-fragment.ts';
import {
  hasMoreFragments,
  ipv4FragmentOffset,
  ipv4HeaderLength,
  ipv4Identification,
  ipv4TotalLength,
  writeIpv4Checksum,
} from '#core/ip/ipv4.ts';

/** A packet with these options and a payload that counts. */
function packetOf(payloadBytes: number, options: readonly number[] = [], fragmentWord = 0): Uint8Array {
  const headerLength = 20 + options.length;
  const packet = new Uint8Array(headerLength + payloadBytes).map((_, index) => index * 7);
  packet.set([0x40 | (headerLength / 4), 0x28, 0, 0, 0x12, 0x34, 0, 0, 9, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]);
  packet.set(options, 20);
  writeU16(packet, 2, packet.length);
  writeU16(packet, 6, fragmentWord);
  writeIpv4Checksum(packet, 0);
  return packet;
}

function cut(packet: Uint8Array, mtu: number): Uint8Array[] {
  const headerLength = ipv4HeaderLength(packet, 0);
  const payload = packet.length - headerLength;
  const step = fragmentPayloadBytes(headerLength, mtu);
  const pieces: Uint8Array[] = [];
  for (let start = 0; start < payload; start += step) {
    const out = new Uint8Array(packet.length + 100).fill(0xa5);
    const length = emitIpv4Fragment(packet, 0, start, Math.min(payload, start + step), out, 3);
    assert.ok(out.subarray(3 + length).every((byte) => byte === 0xa5) || length > mtu - 8);
    pieces.push(out.slice(3, 3 + length));
  }
  return pieces;
}

test('the pieces hold the payload in order, none is larger than the MTU, and each has a header of its own', () => {
  const sizes = fc.record({ payload: fc.integer({ min: 1, max: 4000 }), mtu: fc.integer({ min: 68, max: 1500 }) });
  fc.assert(
    fc.property(sizes, ({ payload, mtu }) => {
      const packet = packetOf(payload);
      const pieces = cut(packet, mtu);
      const joined = new Uint8Array(payload);
      for (const [index, piece] of pieces.entries()) {
        assert.ok(piece.length <= mtu);
        assert.equal(checkIpHeader(piece, 0, piece.length, 4), HeaderCheck.valid);
        assert.equal(ipv4TotalLength(piece, 0), piece.length);
        assert.equal(ipv4Identification(piece, 0), 0x1234);
        assert.equal(hasMoreFragments(piece, 0), index < pieces.length - 1);
        assert.deepEqual(piece.slice(8, 10), packet.slice(8, 10));
        joined.set(piece.subarray(20), ipv4FragmentOffset(piece, 0));
      }
      assert.deepEqual(joined, packet.slice(20));
    }),
  );
});

test('a fragment that is cut again keeps its place, and more fragments follow its last piece', () => {
  const middle = packetOf(100, [], 0x2000 | 50);
  assert.deepEqual(
    cut(middle, 68).map((piece) => readU16(piece, 6)),
    [0x2000 | 50, 0x2000 | 56, 0x2000 | 62],
  );
  const last = packetOf(100, [], 50);
  assert.deepEqual(
    cut(last, 68).map((piece) => readU16(piece, 6)),
    [0x2000 | 50, 0x2000 | 56, 62],
  );
});

test('only options with the copied flag go into later fragments (RFC 791 §3.1)', () => {
  // No operation; record route (7, not copied); no operation; loose source route (131, copied).
  const options = [1, 7, 3, 4, 1, 131, 3, 4];
  const pieces = cut(packetOf(100, options), 68);
  assert.deepEqual([...(pieces[0] ?? []).slice(20, 28)], options);
  for (const piece of pieces.slice(1)) {
    assert.equal(ipv4HeaderLength(piece, 0), 24);
    assert.deepEqual([...piece.slice(20, 24)], [131, 3, 4, 0]);
    assert.equal(checkIpHeader(piece, 0, piece.length, 4), HeaderCheck.valid);
  }
});

test('options that do not add up end where they stop making sense', () => {
  for (const options of [
    [131, 0, 0, 0],
    [131, 1, 0, 0],
    [131, 9, 0, 0],
    [0, 131, 3, 4],
  ]) {
    for (const piece of cut(packetOf(200, options), 68)) {
      assert.equal(checkIpHeader(piece, 0, piece.length, 4), HeaderCheck.valid, options.join());
    }
  }
});
