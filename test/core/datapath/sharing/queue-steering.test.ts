import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TunWriteRow } from '#core/datapath/ports.ts';
import { flowHash, QueueSteering } from '#core/datapath/sharing/queue-steering.ts';
import { buildUdpPacket } from '#core/host/memory/ip-packet.ts';
import { FakeTun } from '#test/support/fake-ports.ts';
import { inner4, inner6 } from '#test/support/test-datapath.ts';

const packet = (sourcePort: number, destinationPort: number, pair = inner4): Uint8Array =>
  buildUdpPacket({ ...pair, sourcePort, destinationPort, payload: new Uint8Array(8) });
const answered = ({ source, destination }: typeof inner4): typeof inner4 => ({
  source: destination,
  destination: source,
});

test('a flow and its answers have one number, in both families', () => {
  fc.assert(
    fc.property(fc.nat(65535), fc.nat(65535), fc.constantFrom(inner4, inner6), (here, there, pair) => {
      const hash = flowHash(packet(here, there, pair), 0);
      assert.ok(hash >= 0 && Number.isInteger(hash));
      assert.equal(flowHash(packet(there, here, answered(pair)), 0), hash);
    }),
  );
});

test('flows spread over all queues', () => {
  for (const queues of [2, 3, 4, 8]) {
    const counts = new Uint32Array(queues);
    for (let port = 0; port < 1000; port++) counts[flowHash(packet(32768 + port, 443), 0) % queues]!++;
    assert.ok(Math.min(...counts) > 1000 / queues / 2, counts.join(' '));
  }
});

test('all fragments of a packet go with the first, whose ports do not count', () => {
  const [first, later] = [packet(1, 2), packet(3, 4)];
  first[6] = 0x20;
  later[7] = 0x10;
  assert.equal(flowHash(first, 0), flowHash(later, 0));
});

test('each packet is written by the queue of its flow, or the first where the device has no other', () => {
  const arena = new Uint8Array(4096);
  const rows = new Int32Array(40 * TunWriteRow.stride);
  const wanted: number[] = [];
  for (let index = 0; index < 40; index++) {
    const bytes = packet(1000 + index, 53);
    const device = index < 20 ? 5 : 6;
    arena.set(bytes, index * 64);
    rows[index * TunWriteRow.stride + TunWriteRow.tun] = device;
    rows[index * TunWriteRow.stride + TunWriteRow.offset] = index * 64;
    rows[index * TunWriteRow.stride + TunWriteRow.length] = bytes.length;
    const queue = flowHash(bytes, 0) % 3;
    wanted.push(device === 5 && queue > 0 ? 500 + queue : device);
  }
  const tun = new FakeTun();
  let asked = 0;
  const steering = new QueueSteering(tun, 3, (token, index) => {
    asked++;
    return token === 5 ? 500 + index : -1;
  });
  steering.write(rows, 40, arena);
  assert.deepEqual(
    tun.written.map((written) => written.tun),
    wanted,
  );
  assert.ok(asked <= 4, `${asked} questions`);
});

test('packets may come joined where the devices take them so', () => {
  const tun = new FakeTun();
  for (const takesJoined of [false, true]) {
    tun.takesJoined = takesJoined;
    assert.equal(new QueueSteering(tun, 2, () => -1).takesJoined, takesJoined);
  }
});
