import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildIpPacket, buildUdpPacket } from '#core/host/memory/ip-packet.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { IcmpError, IcmpErrorKind, IcmpQuote, plateauBelow } from '#core/ip/icmp-error.ts';

const pair4 = { source: parseIpAddress('192.0.2.2'), destination: parseIpAddress('192.0.2.1') };
const pair6 = { source: parseIpAddress('2001:db8::2'), destination: parseIpAddress('2001:db8::1') };

test('types and codes of both versions become one kind', () => {
  const error = new IcmpError();
  const kindOf = (family: 4 | 6, type: number, code: number): number => {
    const isError = error.read(Uint8Array.of(0, type, code, 0, 0, 0, 0, 5, 20), 1, 8, family);
    assert.equal(isError, error.kind !== IcmpErrorKind.none);
    return error.kind;
  };
  const { none, tooBig, unreachable, timeExceeded, parameterProblem, other } = IcmpErrorKind;
  const ipv4 = [0, 3, 4, 5, 8, 11, 12, 13].map((type) => kindOf(4, type, 1));
  assert.deepEqual(ipv4, [none, unreachable, other, other, none, timeExceeded, parameterProblem, none]);
  assert.equal(kindOf(4, 3, 4), tooBig);
  assert.equal(error.mtu, 5 * 256 + 20);
  const ipv6 = [1, 2, 3, 4, 100, 127, 128, 135].map((type) => kindOf(6, type, 0));
  assert.deepEqual(ipv6, [unreachable, tooBig, timeExceeded, parameterProblem, other, other, none, none]);
  assert.equal(error.read(new Uint8Array(7).fill(3), 0, 7, 4), false);
});

test('a quote shows addresses, length, protocol, and where its upper layer starts', () => {
  const quote = new IcmpQuote();
  const packets = [
    {
      packet: buildUdpPacket({ ...pair4, sourcePort: 1, destinationPort: 2, payload: new Uint8Array(99) }),
      family: 4,
      at: 20,
    },
    {
      packet: buildUdpPacket({ ...pair6, sourcePort: 1, destinationPort: 2, payload: new Uint8Array(99) }),
      family: 6,
      at: 40,
    },
  ] as const;
  for (const { packet, family, at } of packets) {
    // Cut, as quotes are.
    assert.ok(quote.read(packet, 0, at + 8, family));
    const { totalLength, protocol, upper, upperLength, isLaterFragment, source } = quote;
    assert.deepEqual([totalLength, protocol, upper, upperLength, isLaterFragment], [packet.length, 17, at, 8, false]);
    assert.deepEqual(
      packet.slice(source, source + 2),
      family === 4 ? Uint8Array.of(192, 0) : Uint8Array.of(0x20, 0x01),
    );
    assert.equal(quote.read(packet, 0, at - 1, family), false);
    assert.equal(quote.read(packet, 0, packet.length, family === 4 ? 6 : 4), false);
  }
});

test('a later fragment is told as such, and a first one of IPv6 is looked behind', () => {
  const quote = new IcmpQuote();
  const later = buildIpPacket({ ...pair4, protocol: 50 }, new Uint8Array(16));
  later[7] = 3;
  assert.ok(quote.read(later, 0, later.length, 4));
  assert.equal(quote.isLaterFragment, true);
  const first = buildIpPacket(
    { ...pair6, protocol: 44 },
    Uint8Array.of(50, 0, 0, 1, 0, 0, 0, 7, 0, 0, 16, 0, 0, 0, 0, 1),
  );
  assert.ok(quote.read(first, 0, first.length, 6));
  assert.deepEqual([quote.protocol, quote.upper, quote.isLaterFragment], [50, 48, false]);
  first[42] = 1;
  assert.ok(quote.read(first, 0, first.length, 6));
  assert.equal(quote.isLaterFragment, true);
});

test('a header length that does not fit the quote is refused', () => {
  const quote = new IcmpQuote();
  const packet = buildIpPacket({ ...pair4, protocol: 50 }, new Uint8Array(16));
  for (const words of [0x44, 0x4f]) {
    packet[0] = words;
    assert.equal(quote.read(packet, 0, packet.length, 4), false);
  }
});

test('a router that does not say how wide its link is means the next plateau (RFC 1191 §7.1)', () => {
  assert.deepEqual([1500, 1492, 576, 68, 20].map(plateauBelow), [1492, 1006, 508, 68, 68]);
});
