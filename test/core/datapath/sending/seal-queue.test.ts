import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TransformPort } from '#core/crypto/transform.ts';
import { SealError, SealRow } from '#core/crypto/transform.ts';
import { SealQueue, destinationBytes } from '#core/datapath/sending/seal-queue.ts';
import { TestDatapath } from '#test/support/test-datapath.ts';
import { makeSender, send, udp } from '#test/support/test-sender.ts';

/** Seals nothing. */
const failing = (error: number): TransformPort => ({
  create: () => 1,
  free: () => undefined,
  open: () => undefined,
  seal: (rows, count) => {
    for (let job = 0; job < count; job++) rows[job * SealRow.stride + SealRow.outLength] = error;
  },
});

test('has room until its destination is full, and never for more than that', () => {
  const { tun, wire, transforms, counters } = new TestDatapath();
  const queue = new SealQueue({ tun, wire, transforms, counters, emit: () => undefined }, new Uint8Array(10), 1);
  assert.deepEqual([queue.hasRoom(destinationBytes), queue.hasRoom(destinationBytes + 1)], [true, false]);
});

test('what the engine refuses is counted by its reason, dummies are not', () => {
  for (const [error, drops] of [
    [SealError.segmentation, { outSegmentation: 1 }],
    [SealError.engine, { outEngine: 1 }],
  ] as const) {
    const { datapath } = makeSender({}, { dummiesPerSecond: 1 }, undefined, failing(error));
    send(datapath, udp());
    datapath.outbound.tick(1000);
    assert.deepEqual(datapath.allDrops(), drops);
    assert.deepEqual([datapath.interfaceCell(1, 'outputPackets'), datapath.interfaceCell(1, 'dummyPackets')], [0, 0]);
  }
});

test('what the socket refuses is a drop, unless it carries nothing', () => {
  const { datapath } = makeSender({}, { dummiesPerSecond: 1 });
  datapath.wire.sendResult = -105;
  send(datapath, udp());
  datapath.outbound.tick(1000);
  assert.deepEqual(datapath.allDrops(), { outSend: 1 });
  assert.equal(datapath.interfaceCell(1, 'dummyPackets'), 0);
});
