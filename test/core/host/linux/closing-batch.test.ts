import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClosingBatch } from '#core/host/linux/closing-batch.ts';

test('what is closed in one turn is closed in one call, and each hears its own result', async () => {
  const calls: (readonly number[])[] = [];
  const closing = new ClosingBatch({
    closeDescriptors: (tokens) => {
      calls.push(tokens);
      return tokens.map((token) => (token === 8 ? -9 : 0));
    },
  });
  assert.deepEqual(await Promise.all([7, 8, 9].map((token) => closing.close(token))), [0, -9, 0]);
  assert.equal(await closing.close(10), 0);
  assert.deepEqual(calls, [[7, 8, 9], [10]]);
});
