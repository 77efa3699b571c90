/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { editDistance, nearestWord } from '#core/setkey/nearest-word.ts';

test('finds a word with a letter missing, added, replaced or swapped', () => {
  for (const word of ['destry', 'destroyy', 'destrOx', 'dsetroy'])
    assert.equal(nearestWord(word, ['create', 'destroy']), 'destroy');
});

test('finds nothing for words that resemble none', () => {
  assert.equal(nearestWord('quux', ['create', 'destroy', 'up']), null);
  assert.equal(nearestWord('', ['up']), null);
  assert.equal(nearestWord('x'.repeat(1000), ['x']), null);
});

test('the distance is a symmetric one, 0 exactly for equal words', () => {
  const word = fc.string({ maxLength: 8, unit: fc.constantFrom('a', 'b', 'c') });
  fc.assert(
    fc.property(word, word, (left, right) => {
      const distance = editDistance(left, right);
      assert.equal(distance, editDistance(right, left));
      assert.equal(distance === 0, left === right);
      assert.ok(distance <= Math.max(left.length, right.length));
    }),
  );
});
