import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StatusFeed } from '#core/api/watch/status-feed.ts';
import { StatusReader } from '#core/api/watch/status-reader.ts';
import type { StatusUpdate, Watched, WholeStatus } from '#core/api/watch/watch-contract.ts';
import { counted, watched } from './example-watched.ts';

/** A feed and a reader with a road between them. */
function joined() {
  let now = counted(0, 0);
  let begun = 0;
  const road: StatusUpdate[] = [];
  const heard: { readonly status: Watched; readonly sinceMs: number | null }[] = [];
  const feed = new StatusFeed({ send: async (update) => void road.push(update) });
  const reader = new StatusReader({
    async begin(): Promise<WholeStatus> {
      begun++;
      return { canOperate: true, ...feed.start(now, 1000) };
    },
    onStatus: ({ status }, sinceMs) => heard.push({ status, sinceMs }),
  });
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    ...{ reader, road, heard, settle },
    begun: () => begun,
    async turn(status: Watched): Promise<void> {
      now = status;
      feed.offer(status);
      await settle();
    },
    deliver: () => reader.hear(road.shift() ?? null),
  };
}

test('what is read is what was sent', async () => {
  const { reader, turn, deliver, heard } = joined();
  await reader.begin();
  await turn(counted(1000, 1));
  deliver();
  await turn(watched(2000, { drops: [{ reason: 'outNoSa', packets: 1 }] }));
  deliver();
  assert.deepEqual(heard, [
    { status: counted(0, 0), sinceMs: null },
    { status: counted(1000, 1), sinceMs: 0 },
    { status: watched(2000, { drops: [{ reason: 'outNoSa', packets: 1 }] }), sinceMs: 1000 },
  ]);
});

test('an update whose forerunner was lost makes the reader begin again, once', async () => {
  const { reader, road, turn, deliver, heard, begun, settle } = joined();
  await reader.begin();
  await turn(counted(1000, 1));
  road.shift();
  await turn(counted(2000, 2));
  await turn(counted(3000, 3));
  deliver();
  deliver();
  await settle();
  assert.equal(begun(), 2);
  assert.deepEqual(heard.at(-1), { status: counted(3000, 3), sinceMs: null });
  await turn(counted(4000, 4));
  deliver();
  assert.deepEqual(heard.at(-1), { status: counted(4000, 4), sinceMs: 3000 });
});

test('one that cannot be read makes it begin again, and one that came twice does nothing', async () => {
  const { reader, road, turn, deliver, heard, begun, settle } = joined();
  await reader.begin();
  await turn(counted(1000, 1));
  const [twice] = road;
  deliver();
  reader.hear(twice ?? null);
  assert.equal(heard.length, 2);
  reader.hear(null);
  await settle();
  assert.equal(begun(), 2);
});

test('updates before a beginning, and after it was forgotten, are of no use', async () => {
  const { reader, turn, deliver, heard, begun } = joined();
  await reader.begin();
  reader.forget();
  await turn(counted(1000, 1));
  deliver();
  assert.equal(heard.length, 1);
  assert.equal(begun(), 1);
});
