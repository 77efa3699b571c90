import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readU32 } from '#core/base/bytes.ts';
import { SendRow } from '#core/datapath/ports.ts';
import { LinePlace } from '#core/datapath/sharing/line-place.ts';
import { LineSender } from '#core/datapath/sharing/line-sender.ts';
import { mostWorkers, SendLine, sendLineMemory } from '#core/datapath/sharing/send-line.ts';
import { present } from '#test/fixtures/read-fixture.ts';
import { FakeWire } from '#test/support/fake-ports.ts';
import { runThread } from './thread.ts';

/** Serve the line from this thread until `work` is done. */
async function serveWhile<T>(line: SendLine, wire: FakeWire, work: Promise<T>): Promise<T> {
  const sender = new LineSender(line, wire);
  let isDone = false;
  void work.finally(() => (isDone = true));
  while (!isDone) {
    sender.step(1);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return work;
}

for (const workers of [2, 4]) {
  test(`batches of ${workers} threads leave in the order in which they took their numbers, none is lost and none twice`, async () => {
    const memory = sendLineMemory(workers);
    const numbers = new SharedArrayBuffer(4);
    const wire = new FakeWire();
    const batches = 500;
    const threads = Array.from({ length: workers }, (_, worker) =>
      runThread({ kind: 'send', memory, numbers, worker, batches }),
    );
    const wrong = await serveWhile(new SendLine(memory), wire, Promise.all(threads));
    assert.deepEqual(
      wrong,
      threads.map(() => []),
    );
    const seen = wire.sent.map(({ bytes }) => readU32(bytes, 0));
    assert.deepEqual(
      seen,
      Array.from({ length: (workers * batches * 4) / 5 }, (_, index) => index),
    );
    // Each worker has had its turn, and its own addresses.
    assert.equal(new Set(wire.sent.map(({ destination }) => destination[0])).size, workers);
  });
}

test('the next place waits behind one that is not sealed yet, and goes when that comes to nothing', () => {
  const line = new SendLine(sendLineMemory(2));
  const wire = new FakeWire();
  const sender = new LineSender(line, wire);
  const [first, second] = [new LinePlace(line, 0, wire), new LinePlace(line, 1, wire)];
  assert.ok(first.begin());
  first.end();
  assert.ok(second.begin());
  second.end();
  const slot = line.slot(1);
  slot.rows[SendRow.length] = 4;
  slot.rows[SendRow.segmentBytes] = 4;
  line.settle(1, 1);
  sender.step(0);
  assert.equal(wire.sent.length, 0);
  first.leave();
  sender.step(0);
  assert.equal(wire.sent.length, 1);
});

test('when a thread has died nothing leaves, nobody waits, and what was to be sent was refused', () => {
  const line = new SendLine(sendLineMemory(2));
  const wire = new FakeWire();
  const place = new LinePlace(line, 0, wire);
  assert.ok(place.begin());
  place.end();
  line.abandon();
  const rows = new Int32Array(SendRow.stride);
  place.send(rows, 1, place.arena, new Uint8Array(20));
  assert.equal(rows[SendRow.result], -32);
  assert.equal(new LineSender(line, wire).step(1000), false);
  assert.equal(wire.sent.length, 0);
  assert.equal(place.begin(), false);
  place.send(rows, 1, Uint8Array.of(0xff), new Uint8Array(20));
  assert.equal(rows[SendRow.result], -32);
});

test('what was sealed elsewhere is copied, and neighbours of one destination share its entry', async () => {
  const memory = sendLineMemory(1);
  const line = new SendLine(memory);
  const wire = new FakeWire();
  const place = new LinePlace(line, 0, wire);
  const rows = new Int32Array(3 * SendRow.stride);
  for (const [row, address] of [7, 7, 2].entries()) {
    rows[row * SendRow.stride + SendRow.address] = address;
    rows[row * SendRow.stride + SendRow.length] = 1;
    rows[row * SendRow.stride + SendRow.segmentBytes] = 1;
  }
  const addresses = new Uint8Array(8 * 20);
  addresses[7 * 20] = 70;
  addresses[2 * 20] = 20;
  // Sending waits for the sender: what it waits for is done by the look of its own thread.
  const sender = new LineSender(line, wire);
  line.await = () => sender.step(0);
  place.send(rows, 3, Uint8Array.of(0xff), addresses);
  assert.deepEqual(
    wire.sent.map(({ bytes, destination }) => [bytes[0], destination[0]]),
    [
      [0xff, 70],
      [0xff, 70],
      [0xff, 20],
    ],
  );
  assert.deepEqual(
    [...line.slot(0).rows.filter((_, at) => at % SendRow.stride === SendRow.address)].slice(0, 3),
    [0, 0, 1],
  );
  assert.equal(rows[SendRow.result], 1);
});

test('there is room for the most workers, and for no other', () => {
  const line = new SendLine(sendLineMemory(mostWorkers));
  assert.ok(present(line.slot(mostWorkers - 1)).arena.length > 0);
  assert.throws(() => line.slot(mostWorkers), RangeError);
});
