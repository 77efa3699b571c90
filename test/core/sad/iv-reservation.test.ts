import assert from 'node:assert/strict';
import { test } from 'node:test';
import { volatileIvStore } from '#core/sad/iv-reservation.ts';
import { testKey } from '#test/support/associations.ts';

test('never gives out a high word twice, for one key or for different ones', () => {
  const store = volatileIvStore();
  const given = [
    ...store.reserve([testKey(20, 1), testKey(20, 1)]),
    ...store.reserve([testKey(20, 2), testKey(20, 1)]),
  ];
  assert.equal(given.length, 4);
  assert.equal(new Set(given).size, 4);
});
