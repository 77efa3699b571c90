/**
 * The judge of frames between the gateways.
 * @module
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeFrame, type WireExpectation } from '#examples/two-gateways/wire/wire-frame.ts';
import { espPacket, ethernet, ipv4Frame, ipv6Address, ipv6Frame, testAddresses, udpDatagram } from './frame-maker.ts';

const { a4, b4, x4, y4 } = testAddresses;
const spi = 0x1234;
const plain: WireExpectation = {
  outer: [Uint8Array.from(a4), Uint8Array.from(b4)],
  udpPort: null,
  spis: new Set([spi]),
  innerPairs: [Uint8Array.from([...x4, ...y4]), Uint8Array.from([...y4, ...x4])],
};
const natT: WireExpectation = { ...plain, udpPort: 4500 };
const plain6: WireExpectation = {
  ...plain,
  outer: [Uint8Array.from(ipv6Address(1)), Uint8Array.from(ipv6Address(2))],
};

test('ESP between the gateways under a known SPI is ESP, with its sequence number', () => {
  const verdict = judgeFrame(ipv4Frame(50, a4, b4, espPacket(spi, 7)), plain);
  assert.deepEqual(verdict, { kind: 'esp', spi, sequence: 7, payloadBytes: 48 });
});

test('ESP over IPv6 is ESP', () => {
  const verdict = judgeFrame(ipv6Frame(50, 2, 1, espPacket(spi, 9)), plain6);
  assert.deepEqual(verdict, { kind: 'esp', spi, sequence: 9, payloadBytes: 48 });
});

test('ESP in UDP port 4500 is ESP where NAT-T was asked for (RFC 3948 §2.1)', () => {
  const verdict = judgeFrame(ipv4Frame(17, a4, b4, udpDatagram(4500, 4500, espPacket(spi, 7))), natT);
  assert.deepEqual(verdict, { kind: 'esp', spi, sequence: 7, payloadBytes: 48 });
});

test('the length of a super-frame is that of its IP header, not of the snapshot', () => {
  const frame = ipv4Frame(17, a4, b4, udpDatagram(4500, 4500, espPacket(spi, 7)), 60_028);
  assert.deepEqual(judgeFrame(frame, natT), { kind: 'esp', spi, sequence: 7, payloadBytes: 60_000 });
});

function longReport(): Buffer {
  const records = Array.from({ length: 100 }, () => 4);
  return ipv6Frame(0, 1, 2, [58, 0, 5, 2, 0, 0, 1, 0, 143, 0, 0, 0, ...records]);
}

const housekeeping: readonly (readonly [string, Buffer, WireExpectation])[] = [
  ['ARP', ethernet(0x0806, [0, 1, 8, 0, 6, 4, 0, 1]), plain],
  ['IGMP', ipv4Frame(2, a4, [224, 0, 0, 22], [0x22, 0, 0, 0]), plain],
  ['a neighbour solicitation', ipv6Frame(58, 1, 2, [135, 0, 0, 0]), plain6],
  ['an MLDv2 report behind a hop-by-hop header', ipv6Frame(0, 1, 2, [58, 0, 5, 2, 0, 0, 1, 0, 143, 0, 0, 0]), plain6],
  ['an MLDv2 report longer than the capture keeps', longReport().subarray(0, 128), plain6],
  ['a NAT keepalive', ipv4Frame(17, a4, b4, udpDatagram(4500, 4500, [0xff])), natT],
];
for (const [name, frame, expectation] of housekeeping) {
  test(`${name} is housekeeping`, () => {
    assert.deepEqual(judgeFrame(frame, expectation), { kind: 'housekeeping' });
  });
}

const plaintext: readonly (readonly [string, Buffer, WireExpectation])[] = [
  ['a ping between the hosts', ipv4Frame(1, x4, y4, [8, 0, 0, 0]), plain],
  ['a ping between the gateways', ipv4Frame(1, a4, b4, [8, 0, 0, 0]), plain],
  ['IP in IP', ipv4Frame(4, a4, b4, [0x45, 0, 0, 20]), plain],
  ['IPv6 in IPv4', ipv4Frame(41, a4, b4, [0x60, 0, 0, 0]), plain],
  ['TCP between the gateways', ipv4Frame(6, a4, b4, [0, 22, 0, 22]), plain],
  ['UDP to another port', ipv4Frame(17, a4, b4, udpDatagram(4500, 53, espPacket(spi, 1))), natT],
  [
    'ESP in UDP where plain ESP was asked for',
    ipv4Frame(17, a4, b4, udpDatagram(4500, 4500, espPacket(spi, 1))),
    plain,
  ],
  ['plain ESP where NAT-T was asked for', ipv4Frame(50, a4, b4, espPacket(spi, 1)), natT],
  ['ESP under an SPI that nobody set up', ipv4Frame(50, a4, b4, espPacket(spi + 1, 1)), plain],
  ['ESP of another host', ipv4Frame(50, x4, b4, espPacket(spi, 1)), plain],
  [
    'ESP that hides nothing: inner addresses in its payload',
    ipv4Frame(50, a4, b4, [...espPacket(spi, 1), ...x4, ...y4]),
    plain,
  ],
  ['an IKE message on port 4500', ipv4Frame(17, a4, b4, udpDatagram(4500, 4500, [0, 0, 0, 0, 1, 2, 3, 4])), natT],
  ['an ICMPv6 echo request', ipv6Frame(58, 1, 2, [128, 0, 0, 0]), plain6],
  ['an unknown EtherType', ethernet(0x88cc, [2, 7, 4]), plain],
  ['a header cut short', ipv4Frame(50, a4, b4, []).subarray(0, 30), plain],
  ['nothing at all', Buffer.alloc(0), plain],
];
for (const [name, frame, expectation] of plaintext) {
  test(`${name} is plaintext`, () => {
    assert.equal(judgeFrame(frame, expectation).kind, 'plaintext');
  });
}

test('a later fragment is plaintext, because its header does not say what it is', () => {
  const frame = ipv4Frame(50, a4, b4, espPacket(spi, 1));
  frame.writeUInt16BE(0x0010, 14 + 6);
  assert.equal(judgeFrame(frame, plain).kind, 'plaintext');
});
