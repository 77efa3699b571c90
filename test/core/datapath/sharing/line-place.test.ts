import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SendRow } from '#core/datapath/ports.ts';
import { LinePlace } from '#core/datapath/sharing/line-place.ts';
import { LineSender } from '#core/datapath/sharing/line-sender.ts';
import { SendLine, sendLineMemory } from '#core/datapath/sharing/send-line.ts';
import { FakeWire } from '#test/support/fake-ports.ts';

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
