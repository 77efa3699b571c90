import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inputOfBytes } from '#core/capture/capture-input.ts';
import { readCapture } from '#core/capture/capture-reader.ts';
import { DecryptedCapture } from '#core/capture/decrypted-capture.ts';
import type { DecryptedPacket } from '#core/capture/decrypter.ts';

const packet: DecryptedPacket = {
  index: 4,
  verdict: 'accept',
  source: null,
  destination: null,
  isUdp: false,
  spi: 0x1000,
  sequence: 17,
  inner: Uint8Array.of(0x45, 1, 2),
};
const dropped = { ...packet, index: 5, verdict: 'replayDup', inner: null } as const;
const record = { linkType: 113, timeNs: 99n, bytes: Uint8Array.of(9, 9, 9, 9, 9), wireLength: 60, position: 0 };

test('inner packets are raw IP, dropped ones as they were captured, both at their time and with a comment', () => {
  const blocks: Uint8Array[] = [];
  const capture = new DecryptedCapture((block) => blocks.push(block));
  capture.add(packet, record);
  capture.add(dropped, record);
  capture.add({ ...dropped, index: 6, verdict: 'toIke', spi: null, sequence: null }, { ...record, linkType: 1 });
  capture.add({ ...dropped, index: 7, verdict: 'notEsp' }, record);
  const file = Buffer.concat(blocks);
  assert.deepEqual(
    [...readCapture(inputOfBytes(file))].map((found) => [
      found.linkType,
      found.timeNs,
      [...found.bytes],
      found.wireLength,
    ]),
    [
      [101, 99n, [0x45, 1, 2], 3],
      [113, 99n, [9, 9, 9, 9, 9], 60],
      [1, 99n, [9, 9, 9, 9, 9], 60],
    ],
  );
  const text = file.toString('latin1');
  for (const comment of [
    'accept, SPI 0x00001000, sequence number 17, packet 4 of the capture',
    'replayDup: received before, SPI 0x00001000, sequence number 17, packet 5 of the capture',
    'toIke: IKE message, no key daemon attached, packet 6 of the capture',
  ]) {
    assert.ok(text.includes(comment), comment);
  }
});

test('a link type is described once', () => {
  const blocks: Uint8Array[] = [];
  const capture = new DecryptedCapture((block) => blocks.push(block));
  for (let index = 0; index < 5; index++) capture.add(dropped, record);
  // Section, inner interface, one outer interface, five packets.
  assert.equal(blocks.length, 8);
});
