import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InboundState, OutboundState, StateTable } from '#core/datapath/association-state.ts';
import { makeAssociation } from '#test/support/test-datapath.ts';

test('a state stays with its SA id across snapshots, whatever else changes', () => {
  const table = new StateTable((association) => new OutboundState(association));
  const [first] = table.retain([makeAssociation({ id: 7 })]);
  const again = table.retain([makeAssociation({ id: 8 }), makeAssociation({ id: 7, initialSequence: 99, spi: 5 })]);
  assert.equal(again[1], first);
  assert.notEqual(again[0], first);
});

test('a state whose SA is gone is forgotten', () => {
  let made = 0;
  const table = new StateTable(() => ++made);
  table.retain([makeAssociation({ id: 7 })]);
  table.retain([]);
  assert.deepEqual(table.retain([makeAssociation({ id: 7 })]), [2]);
});

test('numbers go on from what was used before', () => {
  assert.equal(new OutboundState(makeAssociation({ initialSequence: 41 })).sequence, 41);
  const inbound = new InboundState(makeAssociation({ initialSequence: 41 }));
  assert.deepEqual([inbound.highest, inbound.window?.top], [41, 41]);
});

test('no replay check, no window', () => {
  assert.equal(new InboundState(makeAssociation({ replayWindow: 0 })).window, null);
});

test('depths are kept for the last 1024 numbers, ESN or not', () => {
  const state = new OutboundState(makeAssociation());
  state.recordDepth(1, 5, 0);
  assert.equal(state.depthOf(3), 0);
  state.recordDepth(6, 2, 1);
  state.recordDepth(8, 1, 0);
  assert.deepEqual(
    [5, 6, 7, 8].map((sequence) => state.depthOf(sequence)),
    [0, 1, 1, 0],
  );
  state.recordDepth(0x1_0000_0000, 5000, 1);
  assert.equal(state.depthOf((0x1_0000_0000 + 4999) >>> 0), 1);
});
