import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maxMessages, messagesOf } from '#core/datapath/receiving/batch-size.ts';

test('small messages are received as many as there is room for, the largest four at a time', () => {
  const sizes = [1, 1500, 6144, 16_384, 60_000, 65_535, 1_000_000];
  assert.deepEqual(sizes.map(messagesOf), [maxMessages, maxMessages, 64, 24, 6, 6, 4]);
});
