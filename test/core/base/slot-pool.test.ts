import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SlotPool } from '#core/base/slot-pool.ts';

test('hands out each slot once until it comes back', () => {
  const pool = new SlotPool(1, 4);
  assert.deepEqual([pool.take(), pool.take(), pool.take(), pool.take()], [1, 2, 3, null]);
  pool.release(2);
  assert.equal(pool.take(), 2);
  assert.equal(pool.take(), null);
});

test('refuses a slot that it never gave', () => {
  assert.throws(() => new SlotPool(1, 4).release(2), /taken/);
});
