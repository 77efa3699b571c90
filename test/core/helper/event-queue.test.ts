import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventQueue, eventQueueLength } from '#core/helper/event-queue.ts';

/** A listener that takes an event each time `take` is called. */
function slowListener(): { queue: EventQueue<number>; heard: [number, number][]; take: () => Promise<void> } {
  const heard: [number, number][] = [];
  let release = (): void => {};
  const queue = new EventQueue<number>(async (event, dropped) => {
    heard.push([event, dropped]);
    await new Promise<void>((resolve) => (release = resolve));
  });
  const take = async (): Promise<void> => {
    release();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { queue, heard, take };
}

test('sends events one at a time and in order', async () => {
  const { queue, heard, take } = slowListener();
  for (const event of [1, 2, 3]) queue.offer(event);
  assert.deepEqual(heard, [[1, 0]]);
  await take();
  await take();
  assert.deepEqual(heard, [
    [1, 0],
    [2, 0],
    [3, 0],
  ]);
});

test('a listener that does not read loses the oldest, and hears how many', async () => {
  const { queue, heard, take } = slowListener();
  // One is on its way, then the queue is full, then ten go.
  for (let event = 0; event < 1 + eventQueueLength + 10; event++) queue.offer(event);
  await take();
  assert.deepEqual(heard.at(-1), [11, 10]);
  for (let more = 1; more < eventQueueLength; more++) await take();
  assert.deepEqual(heard.at(-1), [eventQueueLength + 10, 10]);
});

test('a failure to send ends the queue, and a closed queue takes nothing', async () => {
  let sent = 0;
  const queue = new EventQueue<number>(() => {
    sent++;
    return Promise.reject(new Error('gone'));
  });
  queue.offer(1);
  queue.offer(2);
  await new Promise((resolve) => setImmediate(resolve));
  queue.offer(3);
  assert.equal(sent, 1);
});
