import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeededRandom } from '#core/host/memory/seeded-random.ts';
import { VirtualClock } from '#core/host/memory/clock.ts';

test('events run in order of time, and of scheduling within a moment', () => {
  const clock = new VirtualClock(0);
  const ran: string[] = [];
  clock.schedule(5, () => ran.push('late'));
  clock.schedule(1, () => ran.push('first'));
  clock.schedule(1, () => ran.push('second'));
  clock.advance(4);
  assert.deepEqual([ran, clock.now(), clock.pending], [['first', 'second'], 4, 1]);
  clock.advance(1);
  assert.deepEqual(ran, ['first', 'second', 'late']);
});

test('an event may schedule another for the same moment', () => {
  const clock = new VirtualClock(100);
  const ran: number[] = [];
  clock.schedule(1, () => {
    ran.push(clock.now());
    clock.schedule(0, () => ran.push(clock.now()));
  });
  clock.advance(1);
  assert.deepEqual(ran, [101, 101]);
});

test('many events in any order come out sorted', () => {
  const clock = new VirtualClock(0);
  const random = new SeededRandom(5);
  const times: number[] = [];
  for (let index = 0; index < 2000; index++) {
    const at = random.below(500);
    clock.schedule(at, () => times.push(at));
  }
  clock.advance(500);
  assert.equal(times.length, 2000);
  assert.deepEqual(
    times,
    times.toSorted((left, right) => left - right),
  );
});

test('waiting ends when the condition holds, and no later than its limit', () => {
  const clock = new VirtualClock(0);
  let isDone = false;
  clock.schedule(7, () => (isDone = true));
  clock.schedule(8, () => assert.fail('nothing runs after the condition holds'));
  assert.ok(clock.runUntil(() => isDone, 100));
  assert.equal(clock.now(), 7);
  const other = new VirtualClock(0);
  other.schedule(101, () => undefined);
  assert.ok(!other.runUntil(() => false, 100));
  assert.deepEqual([other.now(), other.pending], [100, 1]);
});
