/**
 * The byte stream of the demo over the in-process network.
 * @module
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIpAddress } from '#core/ip/address.ts';
import { VirtualClock } from '#core/host/memory/clock.ts';
import { Host } from '#core/host/memory/host.ts';
import { Link, type LinkOptions } from '#core/host/memory/link.ts';
import { SeededRandom } from '#core/host/memory/seeded-random.ts';
import { StreamReceiver, StreamSender } from '#examples/two-gateways/memory/byte-stream.ts';

const source = '192.0.2.1';
const destination = '192.0.2.2';
const segmentBytes = 1000;

function openStream(options: LinkOptions, blocks: readonly Uint8Array[]) {
  const clock = new VirtualClock();
  const link = new Link(clock, new SeededRandom(7), options);
  const [from, to] = [new Host('from', clock), new Host('to', clock)];
  for (const [host, address] of [[from, source] as const, [to, destination] as const]) {
    host.connect('wm0', link);
    host.addAddress('wm0', { address: parseIpAddress(address), prefixLength: 24, peer: null });
  }
  const ends = { from, to, source, destination };
  const receiver = new StreamReceiver(ends);
  const sender = new StreamSender(ends, blocks, segmentBytes);
  sender.start();
  return { clock, sender, receiver };
}

function blocksOf(...lengths: number[]): Uint8Array[] {
  const random = new SeededRandom(1);
  return lengths.map((length) => {
    const block = new Uint8Array(length);
    random.fill(block);
    return block;
  });
}

const networks: readonly (readonly [string, LinkOptions])[] = [
  ['a good link', { latencyMs: 1 }],
  ['a link that loses packets', { latencyMs: 1, lossRate: 0.05 }],
  ['a link that reorders and doubles packets', { latencyMs: 1, reorderRate: 0.1, duplicationRate: 0.05 }],
];
for (const [name, options] of networks) {
  test(`every byte arrives once and in order over ${name}`, () => {
    const { clock, sender, receiver } = openStream(options, blocksOf(70_000, 1, 70_001));
    assert.ok(clock.runUntil(() => sender.isDone, 600_000));
    assert.equal(receiver.bytes, 140_002);
    assert.equal(sender.bytes, 140_002);
    assert.equal(receiver.sha256(), sender.sha256());
  });
}

test('a stream of nothing ends', () => {
  const { clock, sender, receiver } = openStream({}, []);
  assert.ok(clock.runUntil(() => sender.isDone, 1000));
  assert.equal(receiver.bytes, 0);
});

test('nothing is done while nothing gets through', () => {
  const { clock, sender, receiver } = openStream({ lossRate: 1 }, blocksOf(5000));
  assert.equal(
    clock.runUntil(() => sender.isDone, 60_000),
    false,
  );
  assert.equal(receiver.bytes, 0);
});
