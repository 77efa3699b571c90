import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Sad } from '#core/sad/sad.ts';
import { FailureWatch } from '#core/tunnel/failure-watch.ts';
import { testAssociation } from '#test/support/associations.ts';

test('knows when the count of failures last rose, and forgets associations that are gone', () => {
  const sad = new Sad({ limit: 10 });
  const association = sad.add(testAssociation(256), 0, 1);
  const watch = new FailureWatch();
  const observed = (failures: number, now: number, present = true): number => {
    watch.observe(present ? [association] : [], () => failures, now);
    return watch.lastFailureMs(association);
  };
  assert.equal(observed(0, 1000), 0);
  assert.equal(observed(2, 2000), 2000);
  assert.equal(observed(2, 3000), 2000);
  assert.equal(observed(3, 4000), 4000);
  assert.equal(observed(3, 5000, false), 0);
});
