import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Caller } from '#core/api/dispatch.ts';
import { hasPlace } from '#core/helper/connection-places.ts';

const root: Caller = { uid: 0, pid: 1, canOperate: true };
const operator: Caller = { uid: 1000, pid: 2, canOperate: true };
const readers = (uid: number): Caller => ({ uid, pid: 3, canOperate: false });

/** How many of `wanted` get in, one after the other, beside those who are there. */
function admitted(wanted: readonly Caller[], connected: Caller[] = []): number {
  const before = connected.length;
  for (const caller of wanted) if (hasPlace(caller, connected)) connected.push(caller);
  return connected.length - before;
}

function many(caller: Caller): Caller[] {
  return Array.from({ length: 200 }, () => caller);
}

test('an operator who takes all they can get keeps neither root nor readers out', () => {
  const connected: Caller[] = [];
  assert.equal(admitted(many(operator), connected), 48);
  assert.equal(admitted(many(root), connected), 64);
  assert.equal(admitted(many(readers(1001)), connected), 16);
});

test('one operator leaves another some places', () => {
  const connected: Caller[] = [];
  admitted(many(operator), connected);
  assert.equal(admitted(many({ ...operator, uid: 1007 }), connected), 16);
});

test('readers get 64 places together, and one of them 16', () => {
  const connected: Caller[] = [];
  for (let uid = 2000; uid < 2010; uid++) admitted(many(readers(uid)), connected);
  assert.equal(connected.length, 64);
  assert.equal(connected.filter(({ uid }) => uid === 2000).length, 16);
});

test('who has gone makes room', () => {
  const connected: Caller[] = [];
  admitted(many(operator), connected);
  assert.equal(hasPlace(operator, connected), false);
  assert.equal(hasPlace(operator, connected.slice(1)), true);
});
