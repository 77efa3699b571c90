/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LookPace } from '#core/tunnel/event/look-pace.ts';

test('the first look is due at once, each other ten seconds after the one before', async () => {
  const pace = new LookPace();
  assert.ok(pace.isDue(0));
  assert.equal(await pace.look(500, () => Promise.resolve('seen')), 'seen');
  assert.equal(pace.nextMs, 10_500);
  assert.deepEqual(
    [10_499, 10_500].map((now) => pace.isDue(now)),
    [false, true],
  );
});

test('none is due while one goes on, also after it has failed', async () => {
  const pace = new LookPace();
  let fail = (_error: Error): void => assert.fail('it has not begun');
  const looking = pace.look(0, () => new Promise((_resolve, reject) => (fail = reject)));
  assert.equal(pace.isDue(60_000), false);
  fail(new Error('nothing to see'));
  await assert.rejects(looking, /nothing to see/);
  assert.ok(pace.isDue(60_000));
});
