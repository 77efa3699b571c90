import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AcquireLimit } from '#core/tunnel/event/acquire-limit.ts';

test('tells the first acquire of a policy, swallows ten, tells the next, and starts anew after twenty seconds (key.c)', () => {
  const limit = new AcquireLimit();
  const told = (times: number, now: number): number[] =>
    Array.from({ length: times }, (_, index) => (limit.admit(5, now) ? index : -1)).filter((index) => index >= 0);
  assert.deepEqual(told(23, 0), [0, 11, 22]);
  assert.deepEqual(told(5, 20_000), []);
  assert.deepEqual(told(5, 20_001), [0]);
});

test('policies are counted each for itself, and forgotten ones take no room', () => {
  const limit = new AcquireLimit();
  assert.deepEqual(
    [limit.admit(1, 0), limit.admit(2, 0), limit.admit(1, 1), limit.admit(2, 1)],
    [true, true, false, false],
  );
  assert.deepEqual([limit.admit(3, 15_000), limit.admit(1, 20_001), limit.admit(3, 20_001)], [true, true, false]);
});
