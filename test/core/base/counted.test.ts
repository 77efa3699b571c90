/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { counted } from '#core/base/counted.ts';

test('one is one, and nought and more are many', () => {
  assert.deepEqual(
    [0, 1, 2].map((count) => counted(count, 'packet')),
    ['0 packets', '1 packet', '2 packets'],
  );
  assert.equal(counted(2, 'policy', 'policies'), '2 policies');
});
