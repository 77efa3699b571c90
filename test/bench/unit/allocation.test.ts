import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allocatedPerPacket, heapGrowth } from '../in-process/allocation.ts';

test('the datapath allocates nothing for a packet, small or super, whatever its sequence number', () => {
  const bytes = allocatedPerPacket();
  // Once a pump the looks themselves leave a little; one object a packet would be 16 bytes at least.
  assert.ok(bytes < 1, `${bytes} bytes a packet`);
});

test('one small object each turn is noticed', () => {
  const kept: object[] = [];
  const grown = heapGrowth(() => void (kept[0] = { value: kept.length }));
  assert.ok(grown >= 8, `${grown} bytes a turn`);
});
