import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inputOfBytes } from '#core/capture/capture-input.ts';
import { readCapture } from '#core/capture/capture-reader.ts';
import { PcapngWriter } from '#core/capture/pcapng-writer.ts';
import { Order } from '#test/support/capture/capture-maker.ts';

const order = new Order(false);
const end = order.option(0, Buffer.alloc(0));

test('the blocks are those of the format, byte by byte', () => {
  const writer = new PcapngWriter();
  assert.deepEqual(
    Buffer.from(writer.beginSection('culvert')),
    order.section(order.option(4, Buffer.from('culvert')), end),
  );
  const { id, block } = writer.describeInterface(276, 'eth0');
  const options = [order.option(2, Buffer.from('eth0')), order.option(9, Buffer.of(9)), end];
  assert.deepEqual([id, Buffer.from(block)], [0, order.interface(276, 0, ...options)]);
  const packet = { interfaceId: 0, timeNs: 0x1_0000_0005n, bytes: Uint8Array.of(1, 2, 3), wireLength: 3 };
  assert.deepEqual(
    Buffer.from(writer.writePacket({ ...packet, comment: 'why not' })),
    order.enhanced(0, packet.bytes, packet.timeNs, order.option(1, Buffer.from('why not')), end),
  );
});

test('what is written can be read again', () => {
  const writer = new PcapngWriter();
  const blocks = [writer.beginSection('test')];
  const ids = [101, 1].map((linkType) => {
    const { id, block } = writer.describeInterface(linkType, 'a name');
    blocks.push(block);
    return id;
  });
  const packets = [0, 1, 2, 3, 4, 1400].map((length, index) => ({
    interfaceId: ids[index % 2] ?? 0,
    timeNs: 1_700_000_000_123_456_789n + BigInt(index),
    bytes: new Uint8Array(length).fill(index),
    wireLength: length + index,
    comment: 'c'.repeat(index),
  }));
  for (const packet of packets) blocks.push(writer.writePacket(packet));
  const records = [...readCapture(inputOfBytes(Buffer.concat(blocks)))];
  assert.deepEqual(
    records.map(({ linkType, timeNs, bytes, wireLength }) => [linkType, timeNs, Buffer.from(bytes), wireLength]),
    packets.map(({ interfaceId, timeNs, bytes, wireLength }) => [
      interfaceId === 0 ? 101 : 1,
      timeNs,
      Buffer.from(bytes),
      wireLength,
    ]),
  );
});

test('a packet without a time is written as of the epoch', () => {
  const block = new PcapngWriter().writePacket({
    interfaceId: 0,
    timeNs: null,
    bytes: new Uint8Array(4),
    wireLength: 4,
    comment: '',
  });
  assert.deepEqual([...block.subarray(12, 20)], [0, 0, 0, 0, 0, 0, 0, 0]);
});
