/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ReaderPace } from '#core/helper/answering/reader-pace.ts';

/** Time that passes only by work and by rests. */
function bench(): { readonly pace: ReaderPace; readonly done: string[]; readonly rests: number[]; work: typeof work } {
  let now = 0;
  const rests: number[] = [];
  const done: string[] = [];
  const pace = new ReaderPace({
    now: () => now,
    afterWriting: (then) => queueMicrotask(then),
    wait: (milliseconds, then) => {
      rests.push(milliseconds);
      now += milliseconds;
      setImmediate(then);
    },
  });
  const work = (name: string, costMs: number) => async (): Promise<string> => {
    now += costMs;
    done.push(name);
    return name;
  };
  return { pace, done, rests, work };
}

test('users come in turn, however much one of them asks for, and each answer is the asker’s', async () => {
  const { pace, done, work } = bench();
  const asked = ['a1', 'a2', 'a3', 'b1', 'b2', 'c1'].map((name) => pace.run(name.charCodeAt(0), work(name, 1)));
  assert.deepEqual(await Promise.all(asked), ['a1', 'a2', 'a3', 'b1', 'b2', 'c1']);
  assert.deepEqual(done, ['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
});

test('after each request there is a rest of three times its length, two seconds at most', async () => {
  const { pace, rests, work } = bench();
  for (const cost of [10, 0, 5000]) await pace.run(1, work('x', cost));
  await pace.run(1, work('end', 0));
  assert.deepEqual(rests.slice(0, 3), [30, 0, 2000]);
});

test('one that fails is its asker’s to hear, and keeps nobody else waiting', async () => {
  const { pace, work } = bench();
  const failing = pace.run(1, () => Promise.reject(new Error('no')));
  const next = pace.run(1, work('next', 1));
  await assert.rejects(failing, /no/);
  assert.equal(await next, 'next');
});
