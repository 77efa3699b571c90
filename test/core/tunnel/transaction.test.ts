import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog } from '#core/base/port.ts';
import { Transaction } from '#core/tunnel/transaction.ts';

test('undoes steps newest first, and the rest when one cannot be undone', async () => {
  const transaction = new Transaction();
  const undone: number[] = [];
  let errors = 0;
  transaction.onRollback(() => void undone.push(1));
  transaction.onRollback(async () => {
    throw new Error('stuck');
  });
  transaction.onRollback(async () => void undone.push(3));
  await transaction.rollback({ ...silentLog, error: () => void errors++ });
  assert.deepEqual(undone, [3, 1]);
  assert.equal(errors, 1);
});
