import assert from 'node:assert/strict';
import { test } from 'node:test';
import { updateSchema, watchContract } from '#core/api/watch/watch-contract.ts';

test('a change says nothing of fields that it does not name: what is refused stays refused', () => {
  const items = [{ id: '0000000000000001', nextTryMs: 5 }];
  const update = { from: 1, number: 2, sinceMs: 0, nowMs: 5, changes: { profiles: { items, order: null } } };
  assert.deepEqual(updateSchema.parse(update).changes.profiles?.items, items);
});

test('a pace is once a second unless said otherwise, and never faster', () => {
  const { params } = watchContract['status.watch'];
  assert.deepEqual(params.parse({}), { everyMs: 1000 });
  assert.equal(params.safeParse({ everyMs: 999 }).success, false);
  assert.equal(params.safeParse({ everyMs: 60_001 }).success, false);
});

test('an item of an update has its key, whatever else of it changed', () => {
  const update = { from: 1, number: 2, sinceMs: 0, nowMs: 1, changes: {} };
  const withItem = (item: object): object => ({ ...update, changes: { interfaces: { items: [item], order: null } } });
  assert.equal(updateSchema.safeParse(update).success, true);
  assert.equal(updateSchema.safeParse(withItem({ name: 'ipsec0', isUp: true })).success, true);
  assert.equal(updateSchema.safeParse(withItem({ isUp: true })).success, false);
});
