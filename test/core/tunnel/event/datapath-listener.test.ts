/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeMachine } from '#test/support/fake-machine.ts';

test('what the datapath says itself is logged, and an association that is exhausted is an error', () => {
  const machine = new FakeMachine();
  machine.datapath.emit({ kind: 'log', message: 'a suspicious mark' });
  machine.datapath.emit({ kind: 'exhausted', association: 7, reason: 'sequence' });
  assert.ok(machine.lines.some(({ message }) => message.includes('a suspicious mark')));
  assert.ok(machine.lines.some(({ message }) => message.includes('association refuses to send')));
});

test('an acquire of an interface that is gone tells nobody', () => {
  const { gateway, datapath } = new FakeMachine();
  let heard = 0;
  gateway.subscribe(() => heard++);
  datapath.emit({ kind: 'acquire', interfaceSlot: 9, spid: 4 });
  assert.equal(heard, 0);
});
