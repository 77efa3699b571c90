import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dropReasonCount, dropReasonName, dropReasons } from '#core/datapath/drop-reason.ts';

test('every reason has a number of its own, from 1 without a gap', () => {
  const numbers = Object.values(dropReasons)
    .map(({ number }) => number)
    .sort((left, right) => left - right);
  assert.deepEqual(
    numbers,
    Array.from({ length: dropReasonCount - 1 }, (_, index) => index + 1),
  );
});

test('numbers lead back to names', () => {
  for (const [name, { number }] of Object.entries(dropReasons)) assert.equal(dropReasonName(number), name);
  assert.equal(dropReasonName(0), null);
  assert.equal(dropReasonName(dropReasonCount), null);
});

test('every reason says what happened and where that is demanded', () => {
  for (const { label, source } of Object.values(dropReasons)) {
    assert.match(label, /^\S.{5,}$/);
    assert.notEqual(source, '');
  }
});
