/**
 * Adding up a capture of the wire.
 * @module
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { WireExpectation } from '#examples/two-gateways/wire/wire-frame.ts';
import type { CapturedFrame } from '#examples/two-gateways/wire/capture-file.ts';
import { WireTally, type WireTotals } from '#examples/two-gateways/wire/wire-tally.ts';
import { espPacket, ethernet, ipv4Frame, testAddresses, udpDatagram } from './frame-maker.ts';

const { a4, b4, x4, y4 } = testAddresses;
const one = 0x1001;
const other = 0x1002;
const plain = {
  outer: [Uint8Array.from(a4), Uint8Array.from(b4)] as const,
  udpPort: null,
  spis: new Set([one, other]),
  innerPairs: [Uint8Array.from([...x4, ...y4])],
};
const natT = { ...plain, udpPort: 4500 };

function tallyWire(frames: readonly CapturedFrame[], expectation: WireExpectation): WireTotals {
  return new WireTally(expectation).addAll(frames).totals();
}

function captured(bytes: Buffer): CapturedFrame {
  return { bytes, wireLength: bytes.length };
}

function superFrame(spi: number, sequence: number, payloadBytes: number): CapturedFrame {
  return captured(ipv4Frame(17, a4, b4, udpDatagram(4500, 4500, espPacket(spi, sequence)), 28 + payloadBytes));
}

test('each frame of plain ESP counts as one packet, whatever numbers are missing', () => {
  const frames = [1, 2, 5].map((sequence) => captured(ipv4Frame(50, a4, b4, espPacket(one, sequence))));
  const tally = tallyWire([...frames, captured(ethernet(0x0806, [0, 1]))], plain);
  assert.equal(tally.espPackets, 3);
  assert.equal(tally.housekeepingFrames, 1);
  assert.equal(tally.frames, 4);
  assert.equal(tally.plaintextFrames, 0);
});

test('a super-frame counts as many packets as lie between its number and the next of its association', () => {
  const frames = [superFrame(one, 1, 60_000), superFrame(other, 1, 100), superFrame(one, 43, 200)];
  assert.equal(tallyWire(frames, natT).espPackets, 42 + 1 + 1);
});

test('super-frames that arrive out of order are counted by their numbers', () => {
  const frames = [superFrame(one, 31, 200), superFrame(one, 11, 28_000), superFrame(one, 1, 14_000)];
  assert.equal(tallyWire(frames, natT).espPackets, 10 + 20 + 1);
});

test('a super-frame that nothing follows counts as what it holds at least', () => {
  assert.equal(tallyWire([superFrame(one, 1, 1472 * 3)], natT).espPackets, 3);
});

test('plaintext frames are all counted, and the first few described', () => {
  const frames = Array.from({ length: 9 }, () => captured(ipv4Frame(1, x4, y4, [8, 0, 0, 0])));
  const tally = tallyWire(frames, plain);
  assert.equal(tally.plaintextFrames, 9);
  assert.equal(tally.plaintextExamples.length, 5);
  assert.match(tally.plaintextExamples[0] ?? '', /inner addresses in the clear \(38 bytes\)/);
});
