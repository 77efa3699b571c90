import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SendRow } from '#core/datapath/ports.ts';
import { LinePlace } from '#core/datapath/sharing/line-place.ts';
import { LineSender } from '#core/datapath/sharing/line-sender.ts';
import { SendLine, sendLineMemory } from '#core/datapath/sharing/send-line.ts';
import { FakeWire } from '#test/support/fake-ports.ts';

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
