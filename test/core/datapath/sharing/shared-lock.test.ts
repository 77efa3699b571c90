import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SharedLock } from '#core/datapath/sharing/shared-lock.ts';
import { runThread } from './thread.ts';

test('four threads that add to one cell under the lock lose no addition', async () => {
  const memory = new SharedArrayBuffer(8);
  const times = 20_000;
  await Promise.all(Array.from({ length: 4 }, () => runThread({ kind: 'count', memory, times })));
  assert.deepEqual([...new Int32Array(memory)], [0, 4 * times]);
});

test('nobody gets, or waits for, the lock of a thread that died', () => {
  let isAbandoned = false;
  const cells = new Int32Array(new SharedArrayBuffer(4));
  const lock = new SharedLock(cells, 0, () => isAbandoned);
  assert.equal(lock.acquire(), true);
  isAbandoned = true;
  assert.equal(lock.acquire(), false);
  lock.release();
  assert.equal(lock.acquire(), false);
});

test('who waits already when a thread dies waits no longer', () => {
  let looks = 0;
  const lock = new SharedLock(new Int32Array(new SharedArrayBuffer(4)), 0, () => ++looks > 3);
  assert.equal(lock.acquire(), true);
  assert.equal(lock.acquire(), false);
});
