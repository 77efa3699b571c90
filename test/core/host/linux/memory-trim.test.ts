/**
 * When memory goes back to the system.
 * @module
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { trimNowAndThen } from '#core/host/linux/memory-trim.ts';

test('memory is given back a second after the start, at twice the age each time, and every quarter of an hour at least', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const ages: number[] = [];
  let age = 0;
  const stop = trimNowAndThen(() => void ages.push(age));
  for (; age <= 3700; age++) t.mock.timers.tick(age === 0 ? 0 : 1000);
  assert.deepEqual(ages, [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 1924, 2824]);
  stop();
  t.mock.timers.tick(3_600_000);
  assert.equal(ages.length, 13, 'and no more once it is stopped');
});
