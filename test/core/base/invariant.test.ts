import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertNever, invariant } from '#core/base/invariant.ts';

test('an invariant that holds says nothing', () => {
  invariant(true, 'one is one');
});

test('an invariant that does not hold says what should have been true', () => {
  assert.throws(() => invariant(false, 'one is one'), /invariant violated: one is one/);
});

test('an unexpected value is named', () => {
  assert.throws(() => assertNever('later' as never), /unexpected value: "later"/);
});
