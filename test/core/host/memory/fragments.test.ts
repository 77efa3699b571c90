import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fragmentIpv4, fragmentIpv6, isFragment, Reassembler } from '#core/host/memory/fragments.ts';
import { buildIpPacket } from '#core/host/memory/ip-packet.ts';
import { SeededRandom } from '#core/host/memory/seeded-random.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { checkIpHeader, HeaderCheck } from '#core/ip/header-check.ts';
import { present } from '#test/fixtures/read-fixture.ts';

const pair = { source: parseIpAddress('10.0.0.1'), destination: parseIpAddress('10.0.0.2') };

function makePacket(length: number, identification = 9): Uint8Array {
  const payload = new Uint8Array(length);
  new SeededRandom(length).fill(payload);
  return buildIpPacket({ ...pair, protocol: 50, identification }, payload);
}

test('pieces fit, have valid headers, and come together again in any order, cut twice or once', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 100, max: 6000 }),
      fc.integer({ min: 68, max: 1500 }),
      fc.integer(),
      (length, mtu, seed) => {
        const packet = makePacket(length);
        const random = new SeededRandom(seed);
        const once = packet.length > mtu ? fragmentIpv4(packet, mtu) : [packet];
        const twice = once.flatMap((piece) => (piece.length > 576 ? fragmentIpv4(piece, 576) : [piece]));
        for (const piece of twice) {
          assert.ok(piece.length <= mtu);
          assert.equal(checkIpHeader(piece, 0, piece.length, 4), HeaderCheck.valid);
        }
        const order = twice.map((piece) => ({ piece, at: random.next() })).sort((left, right) => left.at - right.at);
        const reassembler = new Reassembler();
        const results = order.map(({ piece }) => reassembler.take(piece, 0));
        assert.deepEqual(results.at(-1), packet);
        assert.ok(results.slice(0, -1).every((result) => result === null));
      },
    ),
    { numRuns: 60 },
  );
});

test('packets of different identification are not mixed', () => {
  const reassembler = new Reassembler();
  const [first, ...rest] = fragmentIpv4(makePacket(1000, 1), 576);
  const others = fragmentIpv4(makePacket(1000, 2), 576);
  assert.equal(reassembler.take(present(first), 0), null);
  for (const other of others.slice(1)) assert.equal(reassembler.take(other, 0), null);
  assert.deepEqual(
    rest.map((piece) => reassembler.take(piece, 0)),
    [makePacket(1000, 1)],
  );
});

test('a packet that misses a part for too long is forgotten', () => {
  const reassembler = new Reassembler();
  const [first, second] = fragmentIpv4(makePacket(1000), 576);
  assert.equal(reassembler.take(present(first), 0), null);
  assert.equal(reassembler.take(present(second), 31_000), null);
});

test('what overlaps the end or leaves a gap is never put together', () => {
  const reassembler = new Reassembler();
  const pieces = fragmentIpv4(makePacket(2000), 576);
  pieces.splice(1, 1);
  for (const piece of pieces) assert.equal(reassembler.take(piece, 0), null);
});

test('incomplete packets take a bounded amount of memory', () => {
  const reassembler = new Reassembler();
  for (let identification = 0; identification < 64; identification++) {
    reassembler.take(present(fragmentIpv4(makePacket(1000, identification), 576)[0]), 0);
  }
  for (const piece of fragmentIpv4(makePacket(1000, 999), 576)) assert.equal(reassembler.take(piece, 0), null);
  const [, last] = fragmentIpv4(makePacket(1000, 5), 576);
  assert.deepEqual(reassembler.take(present(last), 0), makePacket(1000, 5));
});

test('IPv6: pieces fit, carry the fragment header, and come together again in any order', () => {
  const pair6 = { source: parseIpAddress('2001:db8::1'), destination: parseIpAddress('2001:db8::2') };
  fc.assert(
    fc.property(
      fc.integer({ min: 1300, max: 9000 }),
      fc.integer({ min: 1280, max: 1500 }),
      fc.integer(),
      (length, mtu, seed) => {
        const payload = new Uint8Array(length);
        new SeededRandom(length).fill(payload);
        const packet = buildIpPacket({ ...pair6, protocol: 50 }, payload);
        assert.equal(isFragment(packet), false);
        const pieces = fragmentIpv6(packet, mtu, 77);
        for (const piece of pieces) {
          assert.ok(piece.length <= mtu && isFragment(piece));
          assert.equal(checkIpHeader(piece, 0, piece.length, 6), HeaderCheck.valid);
        }
        const random = new SeededRandom(seed);
        const order = pieces.map((piece) => ({ piece, at: random.next() })).sort((left, right) => left.at - right.at);
        const reassembler = new Reassembler();
        const results = order.map(({ piece }) => reassembler.take(piece, 0));
        assert.deepEqual(results.at(-1), packet);
        assert.ok(results.slice(0, -1).every((result) => result === null));
      },
    ),
    { numRuns: 40 },
  );
});
