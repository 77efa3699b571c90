import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rememberedChanges, StatusFeed } from '#core/api/watch/status-feed.ts';
import { heartbeatMs, type StatusUpdate } from '#core/api/watch/watch-contract.ts';
import { counted, watched } from './example-watched.ts';

function feed(everyMs = 1000) {
  const sent: StatusUpdate[] = [];
  const feeding = new StatusFeed({ send: async (update) => void sent.push(update) });
  feeding.start(counted(0, 0), everyMs);
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    sent,
    feeding,
    async offer(nowMs: number, bytes: number): Promise<void> {
      feeding.offer(counted(nowMs, bytes));
      await settle();
    },
    settle,
  };
}

test('each update follows the one before, and says until when nothing had changed', async () => {
  const { sent, offer } = feed();
  await offer(1000, 0);
  await offer(2000, 0);
  await offer(3000, 7);
  await offer(4000, 8);
  assert.deepEqual(
    sent.map(({ from, number, sinceMs, nowMs }) => [from, number, sinceMs, nowMs]),
    [
      [1, 2, 2000, 3000],
      [2, 3, 3000, 4000],
    ],
  );
});

test('while nothing happens a heartbeat says so, and says nothing else', async () => {
  const { sent, offer } = feed();
  for (let second = 1; second <= 31; second++) await offer(second * 1000, 0);
  assert.deepEqual(
    sent.map(({ nowMs, changes }) => [nowMs, changes]),
    [
      [heartbeatMs, {}],
      [2 * heartbeatMs, {}],
      [3 * heartbeatMs, {}],
    ],
  );
});

test('that traffic has ended is told with the next reading, and after that there are heartbeats again', async () => {
  const { sent, offer } = feed();
  for (let second = 1; second <= 30; second++) await offer(second * 1000, Math.min(second, 3));
  assert.deepEqual(
    sent.map(({ nowMs, changes }) => [nowMs, changes.interfaces?.items[0]?.counters?.outputBytes]),
    [
      [1000, 1],
      [2000, 2],
      [3000, 3],
      [4000, undefined],
      [4000 + heartbeatMs, undefined],
      [4000 + 2 * heartbeatMs, undefined],
    ],
  );
});

test('a slower pace gathers what happens between', async () => {
  const { sent, offer } = feed(5000);
  for (let second = 1; second <= 10; second++) await offer(second * 1000, second);
  assert.deepEqual(
    sent.map(({ nowMs, changes }) => [nowMs, changes.interfaces?.items[0]?.counters?.outputBytes]),
    [
      [5000, 5],
      [10_000, 10],
    ],
  );
});

test('while an update has not left, what changes waits as one, which follows the last that left', async () => {
  const sent: StatusUpdate[] = [];
  let leave = (): void => {};
  const send = (update: StatusUpdate): Promise<void> => {
    sent.push(update);
    return new Promise((resolve) => (leave = resolve));
  };
  const feeding = new StatusFeed({ send });
  feeding.start(counted(0, 0), 1000);
  for (let second = 1; second <= 9; second++) feeding.offer(counted(second * 1000, second));
  assert.equal(sent.length, 1);
  leave();
  await new Promise((resolve) => setImmediate(resolve));
  feeding.offer(counted(10_000, 10));
  assert.deepEqual(
    sent.map(({ from, sinceMs, nowMs, changes }) => [from, sinceMs, nowMs, changes.interfaces?.items[0]?.counters]),
    [
      [1, 0, 1000, counted(0, 1).interfaces[0]?.counters],
      [2, 1000, 10_000, counted(0, 10).interfaces[0]?.counters],
    ],
  );
});

test('a flush goes at any pace, waits for what is on its way, and sends nothing where nothing changed', async () => {
  const { sent, feeding } = feed(60_000);
  await feeding.flush(() => counted(10, 0));
  assert.equal(sent.length, 0);
  await Promise.all([feeding.flush(() => counted(20, 1)), feeding.flush(() => counted(30, 2))]);
  assert.deepEqual(
    sent.map(({ nowMs }) => nowMs),
    [20, 30],
  );
});

test('a feed that was stopped, or whose listener is lost, sends no more', async () => {
  const { sent, feeding, offer } = feed();
  feeding.stop();
  await offer(9000, 9);
  await feeding.flush(() => assert.fail('read for nobody'));
  assert.equal(sent.length, 0);
  const lost = new StatusFeed({ send: () => Promise.reject(new Error('gone')) });
  lost.start(counted(0, 0), 1000);
  lost.offer(counted(1000, 1));
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(lost.isOn, false);
});

test('feeds that have the same reading share one comparison', () => {
  const compare = rememberedChanges();
  const [before, now] = [counted(0, 0), counted(1, 1)];
  const first = compare(before, now);
  assert.equal(compare(before, now), first);
  assert.equal(compare(before, counted(2, 0)), null);
  assert.notEqual(compare(watched(0), now), first);
});
