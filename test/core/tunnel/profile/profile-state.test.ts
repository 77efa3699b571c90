/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { retryDelayMs } from '#core/tunnel/profile/profile-state.ts';

test('attempts come after 5, 10, 20 … seconds, and never more than five minutes apart', () => {
  assert.deepEqual([1, 2, 3, 6, 7, 1000].map(retryDelayMs), [5_000, 10_000, 20_000, 160_000, 300_000, 300_000]);
});
