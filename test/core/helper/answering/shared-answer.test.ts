/**
 * Answers that many share.
 * @module
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PaceClock } from '#core/helper/answering/reader-pace.ts';
import { SharedAnswer } from '#core/helper/answering/shared-answer.ts';

/** A clock of the test's, and what waits for it. */
function testClock() {
  const turns: (() => void)[] = [];
  const waits: { readonly milliseconds: number; readonly then: () => void }[] = [];
  const time = { ms: 1000 };
  const clock: PaceClock = {
    now: () => time.ms,
    afterWriting: (then) => void turns.push(then),
    wait: (milliseconds, then) => void waits.push({ milliseconds, then }),
  };
  /** Run what waits for the next turn of the loop, and what that brings about. */
  const turn = async (): Promise<void> => {
    for (const then of turns.splice(0)) then();
    for (let count = 0; count < 10; count++) await Promise.resolve();
  };
  return { clock, waits, time, turn };
}

test('who asks at the same time gets one answer, made after all of them have asked', async () => {
  const { clock, turn } = testClock();
  const shared = new SharedAnswer<number>(clock);
  let made = 0;
  let now = 1;
  const make = (): Promise<number> => (made++, Promise.resolve(now));
  const first = shared.ask(make);
  const second = shared.ask(make);
  assert.equal(made, 0);
  now = 2;
  await turn();
  assert.deepEqual([await first, await second, made], [2, 2, 1]);
  now = 3;
  const third = shared.ask(make);
  await turn();
  assert.deepEqual([await third, made], [3, 2]);
});

test('after an answer there is a rest as long as it took, in which those who ask gather', async () => {
  const { clock, waits, time, turn } = testClock();
  const shared = new SharedAnswer<number>(clock);
  let made = 0;
  const make = (): Promise<number> => ((time.ms += 30), Promise.resolve(++made));
  const first = shared.ask(make);
  await turn();
  assert.equal(await first, 1);
  await turn();
  time.ms += 10;
  const [second, third] = [shared.ask(make), shared.ask(make)];
  await turn();
  assert.equal(made, 1);
  const [rest] = waits;
  assert.equal(rest?.milliseconds, 20);
  rest?.then();
  assert.deepEqual([await second, await third], [2, 2]);
  await turn();
  time.ms += 500;
  void shared.ask(make);
  assert.equal(waits.length, 1);
});

test('what goes wrong is told to all who asked, and the next who asks is answered', async () => {
  const shared = new SharedAnswer<number>();
  const fail = (): Promise<number> => Promise.reject(new Error('no'));
  const outcomes = await Promise.allSettled([shared.ask(fail), shared.ask(fail)]);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  assert.equal(await shared.ask(() => Promise.resolve(7)), 7);
});
