import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { StatusFeed } from '#core/api/watch/status-feed.ts';
import { heartbeatMs, type StatusUpdate, type Watched } from '#core/api/watch/watch-contract.ts';
import type { HelperClient } from '#core/client/helper-client.ts';
import { StatusMirror } from '#core/client/status-mirror.ts';
import { counted } from '#test/core/api/watch/example-watched.ts';

/** A helper that is watched by a client, without a socket. */
function helper() {
  let now = counted(0, 0);
  let hear: (update: StatusUpdate | null) => void = () => {};
  const paces: number[] = [];
  const feed = new StatusFeed({ send: async (update) => hear(update) });
  const client: HelperClient = {
    call: async (method, params) => {
      assert.equal(method, 'status.watch');
      const { everyMs } = params as { everyMs: number };
      paces.push(everyMs);
      return { canOperate: true, ...feed.start(now, everyMs) } as never;
    },
    watch: () => new Promise<never>(() => {}),
    hearUpdates: (listener) => void (hear = listener),
    close: () => {},
  };
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    ...{ client, paces, settle },
    async turn(status: Watched): Promise<void> {
      now = status;
      feed.offer(status);
      await settle();
    },
  };
}

function listen(mirror: StatusMirror) {
  const updates: StatusUpdate[] = [];
  const watch = mirror.open(async (update) => void updates.push(update));
  return { watch, updates };
}

test('a window begins with what the mirror has, and hears what comes after; another one does not disturb it', async () => {
  const { client, turn, settle } = helper();
  const mirror = new StatusMirror();
  await mirror.follow(client);
  const [one, other] = [listen(mirror), listen(mirror)];
  assert.deepEqual(one.watch.start(), { number: 1, canOperate: true, status: counted(0, 0) });
  await settle();
  await turn(counted(1000, 1));
  assert.deepEqual(other.watch.start().status, counted(1000, 1));
  await turn(counted(2000, 2));
  assert.deepEqual(
    [one, other].map(({ updates }) => updates.map(({ from, sinceMs, nowMs }) => [from, sinceMs, nowMs])),
    [
      [
        [1, 0, 1000],
        [2, 1000, 2000],
      ],
      [[1, 1000, 2000]],
    ],
  );
});

test('a window hears until when the helper saw no change, not until when the mirror heard of none', async () => {
  const { client, turn, settle } = helper();
  const mirror = new StatusMirror();
  await mirror.follow(client);
  const { watch, updates } = listen(mirror);
  watch.start();
  await settle();
  for (const second of [1, 2, 3]) await turn(counted(second * 1000, 0));
  await turn(counted(4000, 9));
  assert.deepEqual(
    updates.map(({ sinceMs, nowMs }) => [sinceMs, nowMs]),
    [[3000, 4000]],
  );
});

test('the helper is watched slowly while no window looks, and not at all by windows that stopped', async () => {
  const { client, paces, turn, settle } = helper();
  const mirror = new StatusMirror();
  await mirror.follow(client);
  const { watch, updates } = listen(mirror);
  watch.start();
  await settle();
  watch.stop();
  await settle();
  assert.deepEqual(paces, [5000, 1000, 5000]);
  await turn(counted(9000, 9));
  assert.deepEqual(updates, []);
});

test('a window that changes its mind twice at once leaves the right pace', async () => {
  const { client, paces, settle } = helper();
  const mirror = new StatusMirror();
  await mirror.follow(client);
  const { watch } = listen(mirror);
  for (let time = 0; time < 3; time++) {
    watch.start();
    watch.stop();
  }
  watch.start();
  await settle();
  await settle();
  assert.equal(paces.at(-1), 1000);
});

test('without a helper nothing is begun, and after one is back its status follows what the window has', async () => {
  const mirror = new StatusMirror();
  const { watch, updates } = listen(mirror);
  assert.throws(() => watch.start(), { code: 'HELPER_UNREACHABLE' });
  const [first, second] = [helper(), helper()];
  await mirror.follow(first.client);
  watch.start();
  mirror.leave();
  assert.throws(() => listen(mirror).watch.start(), { code: 'HELPER_UNREACHABLE' });
  await second.turn(counted(7000, 7));
  await mirror.follow(second.client);
  assert.deepEqual(
    updates.map(({ from, nowMs }) => [from, nowMs]),
    [[1, 7000]],
  );
  await first.turn(counted(8000, 8));
  assert.equal(updates.length, 1);
});

test('a helper that has missed two heartbeats hangs, and one that has ended does not', async (t: TestContext) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let nowMs = 0;
  t.mock.method(performance, 'now', () => nowMs);
  const { client } = helper();
  const mirror = new StatusMirror();
  await mirror.follow(client);
  const ended = new AbortController();
  const silence = mirror.silence(ended.signal);
  const hangs = assert.rejects(silence, { code: 'HELPER_UNREACHABLE', message: /does not answer/ });
  let hasEnded = false;
  void hangs.then(() => (hasEnded = true));
  for (let beat = 0; beat < 3; beat++) {
    assert.equal(hasEnded, false);
    nowMs += heartbeatMs;
    t.mock.timers.tick(heartbeatMs);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await hangs;
  const other = mirror.silence(AbortSignal.abort());
  nowMs = 0;
  await assert.rejects(other, (error: Error) => error.name === 'AbortError' || 'code' in error);
});
