import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasSameRows, unheededIcmp } from '#core/datapath/snapshot.ts';

test('lists have the same rows when each is the same object in the same place', () => {
  const [one, two] = [{ slot: 1 }, { slot: 2 }];
  const list = [one, two];
  assert.ok(hasSameRows(list, list));
  assert.ok(hasSameRows(list, [one, two]));
  assert.ok(!hasSameRows(list, [two, one]));
  assert.ok(!hasSameRows(list, [one]));
  assert.ok(!hasSameRows(list, [one, { slot: 2 }]), 'an equal row of its own is another');
});

test('without settings no ICMP error is heeded (RFC 4301 §6.1.1)', () => {
  const { acceptsTooBig, acceptsUnreachable, acceptsTimeExceeded, acceptsParameterProblem } = unheededIcmp;
  assert.ok(!acceptsTooBig && !acceptsUnreachable && !acceptsTimeExceeded && !acceptsParameterProblem);
});
