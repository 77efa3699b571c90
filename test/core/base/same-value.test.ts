import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isSameValue } from '#core/base/same-value.ts';

test('two values are the same when JSON writes them alike, whatever the order of their fields', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (left, right) => {
      assert.equal(isSameValue(left, right), sorted(left) === sorted(right));
      assert.equal(isSameValue(left, JSON.parse(JSON.stringify(left))), true);
    }),
  );
});

test('an undefined field is none, and an array is no object', () => {
  assert.equal(isSameValue({ a: 1, b: undefined }, { a: 1 }), true);
  assert.equal(isSameValue({ a: 1 }, { a: 1, b: null }), false);
  assert.equal(isSameValue([], {}), false);
  assert.equal(isSameValue({ 0: 1 }, [1]), false);
  assert.equal(isSameValue({ toString: 1 }, {}), false);
  assert.equal(isSameValue([-0], [0]), true);
});

/** JSON with the fields of every object in order. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (Object.is(part, -0)) return 0;
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([left], [right]) => (left < right ? -1 : 1)));
  });
}
