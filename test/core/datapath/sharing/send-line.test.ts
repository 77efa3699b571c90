import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readU32 } from '#core/base/bytes.ts';
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

test('there is room for the most workers, and for no other', () => {
  const line = new SendLine(sendLineMemory(mostWorkers));
  assert.ok(present(line.slot(mostWorkers - 1)).arena.length > 0);
  assert.throws(() => line.slot(mostWorkers), RangeError);
});
