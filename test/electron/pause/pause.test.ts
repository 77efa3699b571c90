import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { IpsecError } from '#core/base/error.ts';
import { pauseFile } from '#core/client/pause-file.ts';
import type { Helper } from '#electron/pause/tunnel-switch.ts';
import { Pause } from '#electron/pause/pause.ts';
import type { TrayTunnel } from '#electron/tray/tray-tunnel.ts';

const minuteMs = 60_000;
const tunnel = (name: string, isWanted = true): TrayTunnel => ({
  name,
  isProfile: true,
  isWanted,
  condition: isWanted ? 'up' : 'off',
  word: null,
  rate: null,
});

/** A helper that keeps what it was asked, and refuses it while it is away. */
function startHelper() {
  const calls: string[] = [];
  const helper = { isAway: false };
  const call = (method: string, { name }: { name: string }): Promise<object> => {
    if (helper.isAway) return Promise.reject(new IpsecError('HELPER_UNREACHABLE', 'away'));
    if (name === 'gone') return Promise.reject(new IpsecError('PROFILE_NOT_FOUND', 'there is no profile "gone"'));
    calls.push(`${method} ${name}`);
    return Promise.resolve({});
  };
  return { calls, helper, link: { call } as unknown as Helper };
}

function start(t: TestContext, nowMs = 1_000_000) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: nowMs });
  const folder = mkdtempSync(join(tmpdir(), 'culvert-pause-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'new', 'pause.json');
  const { calls, helper, link } = startHelper();
  const open = (): Pause => new Pause(link, pauseFile(path), () => {});
  let setMs = 0;
  const passed = Date.now;
  t.mock.method(Date, 'now', () => passed.call(Date) + setMs);
  /** The wall clock is set; timers do not care. */
  const setClock = (byMs: number): void => void (setMs += byMs);
  /** Time passes as it does: not at once. */
  const pass = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= 10_000) {
      t.mock.timers.tick(Math.min(left, 10_000));
      for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    }
  };
  return { calls, helper, open, pass, path, setClock };
}

test('what is wanted goes down, and comes up again when the minutes have passed', async (t) => {
  const { calls, open, pass } = start(t);
  const pause = open();
  await pause.start([tunnel('office'), tunnel('home', false)], 5);
  assert.deepEqual(calls, ['profile.down office']);
  await pass(5 * minuteMs - 1000);
  assert.equal(calls.length, 1);
  await pass(1000);
  assert.deepEqual(calls.slice(1), ['profile.up office']);
  assert.equal(pause.untilMs(), null);
});

test('an app that was ended by force finds the pause as it was; what was due meanwhile comes up when the helper is there', async (t) => {
  const { calls, open, pass, path } = start(t);
  const first = open();
  await first.start([tunnel('office')], 30);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  const second = open();
  assert.equal(second.untilMs(), first.untilMs());
  await second.noteHelper();
  assert.deepEqual(calls, ['profile.down office'], 'the pause goes on');
  first.forget();
  await second.start([tunnel('office')], 30);
  t.mock.timers.setTime(Date.now() + 31 * minuteMs);
  calls.length = 0;
  await open().noteHelper();
  assert.deepEqual(calls, ['profile.up office']);
  await pass(minuteMs);
  assert.equal(open().untilMs(), null);
});

for (const [what, backMs] of [
  ['an hour', 60 * minuteMs],
  ['a year', 365 * 24 * 60 * minuteMs],
] as const) {
  test(`a clock that is set back by ${what} makes a pause no longer than was asked for, also over a start of the app`, async (t) => {
    const { calls, open, pass, setClock } = start(t, 60 * 365 * 24 * 60 * minuteMs);
    const pause = open();
    await pause.start([tunnel('office')], 30);
    await pass(10 * minuteMs);
    setClock(-backMs);
    await pass(minuteMs);
    const leftMs = (pause.untilMs() ?? 0) - Date.now();
    assert.ok(leftMs > 18 * minuteMs && leftMs < 20 * minuteMs, 'told by the clock as it is now');
    pause.forget();
    calls.length = 0;

    await open().start([tunnel('office')], 30);
    setClock(-backMs);
    const next = open();
    assert.equal((next.untilMs() ?? 0) - Date.now(), 30 * minuteMs);
    await pass(30 * minuteMs);
    assert.deepEqual(calls.slice(0, 2), ['profile.down office', 'profile.up office']);
  });
}

test('a clock that is set forward ends a pause: that cannot be told from a machine that slept', async (t) => {
  const { calls, open, pass, setClock } = start(t);
  const pause = open();
  await pause.start([tunnel('office')], 60);
  setClock(61 * minuteMs);
  await pass(minuteMs);
  assert.deepEqual([calls.at(-1), pause.untilMs()], ['profile.up office', null]);
});

test('where the helper is away at the end, the pause ends when it is back', async (t) => {
  const { calls, helper, open, pass } = start(t);
  const pause = open();
  await pause.start([tunnel('office'), tunnel('home')], 5);
  helper.isAway = true;
  await pass(6 * minuteMs);
  assert.notEqual(pause.untilMs(), null);
  helper.isAway = false;
  await pause.noteHelper();
  assert.deepEqual(calls.slice(2), ['profile.up office', 'profile.up home']);
  assert.equal(open().untilMs(), null);
});

test('a tunnel that is no more does not keep the others down, and is not asked for again', async (t) => {
  const { calls, open, path } = start(t);
  const pause = open();
  await pause.start([tunnel('office')], 5);
  const tunnels = ['gone', 'office'].map((name) => ({ name, isProfile: true }));
  writeFileSync(path, JSON.stringify({ untilMs: Date.now(), tunnels }));
  const next = open();
  await next.noteHelper();
  assert.deepEqual(calls.slice(1), ['profile.up office']);
  assert.equal(open().untilMs(), null);
});

test('a broken file is no pause, and one that is forgotten is none at the next start', async (t) => {
  const { open, path } = start(t);
  const pause = open();
  await pause.start([tunnel('office')], 5);
  pause.forget();
  assert.equal(open().untilMs(), null);
  await pause.start([tunnel('office')], 5);
  for (const text of ['', '[]', '{"untilMs":"soon","tunnels":[]}', '{"untilMs":5}']) {
    writeFileSync(path, text);
    assert.equal(open().untilMs(), null, text);
  }
});
