import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { applyUpdate, changesBetween, hasTraffic } from '#core/api/watch/status-change.ts';
import { updateSchema } from '#core/api/watch/watch-contract.ts';
import { anyWatched, counted, watched } from './example-watched.ts';

test('changes, sent and applied, make the newer of any two statuses of the older one', () => {
  fc.assert(
    fc.property(anyWatched, anyWatched, (before, now) => {
      const changes = changesBetween(before, now) ?? {};
      const sent: unknown = JSON.parse(JSON.stringify({ from: 1, number: 2, sinceMs: 0, nowMs: 5, changes }));
      assert.deepEqual(applyUpdate(before, updateSchema.parse(sent)), { ...now, nowMs: 5 });
    }),
  );
});

test('where nothing changed but the time there are no changes', () => {
  fc.assert(
    fc.property(anyWatched, (status) => {
      const later = { ...structuredClone(status), nowMs: 99 };
      assert.equal(changesBetween(status, later), null);
    }),
  );
});

test('of an interface that counted only its counters are told', () => {
  const changes = changesBetween(counted(0, 1), counted(1, 2));
  assert.deepEqual(Object.keys(changes ?? {}), ['interfaces']);
  assert.deepEqual(Object.keys(changes?.interfaces?.items[0] ?? {}), ['name', 'counters']);
  assert.equal(changes?.interfaces?.order, null);
  assert.equal(changes !== null && hasTraffic(changes), true);
});

test('what did not change keeps its identity', () => {
  const before = counted(0, 1);
  const changes = changesBetween(before, { ...before, drops: [{ reason: 'outNoSa', packets: 1 }] });
  assert.ok(changes !== null);
  const next = applyUpdate(before, { changes, nowMs: 1 });
  assert.notEqual(next.drops, before.drops);
  for (const name of ['interfaces', 'associations', 'policies', 'settings', 'profiles'] as const)
    assert.equal(next[name], before[name]);
});

test('an update that was made for another status is refused: an item that is new must be whole', () => {
  const changes = changesBetween(counted(0, 1), counted(1, 2)) ?? {};
  assert.throws(() => applyUpdate(watched(0, { interfaces: [] }), { changes, nowMs: 1 }), { code: 'API_BAD_PARAMS' });
  const order = { interfaces: { items: [], order: ['ipsec7'] } };
  assert.throws(() => applyUpdate(watched(0), { changes: order, nowMs: 1 }), { code: 'API_BAD_PARAMS' });
});
