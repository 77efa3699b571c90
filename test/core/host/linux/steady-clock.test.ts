/**
 * The clock of culvertd when the wall clock is set, and when the machine sleeps.
 * @module
 */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import type { Clock } from '#core/base/port.ts';
import { anchorClock, steadyClock, wallTime, type ClockSources } from '#core/host/linux/steady-clock.ts';

let times: { wallMs: number; monotonicMs: number; uptimeMs: number };
let looks: number;
let sources: ClockSources;
let clock: Clock;

beforeEach(() => {
  times = { wallMs: 1_700_000_000_000, monotonicMs: 5000, uptimeMs: 9000 };
  looks = 0;
  sources = {
    wallMs: () => times.wallMs,
    monotonicMs: () => times.monotonicMs,
    uptimeMs: () => (looks++, times.uptimeMs),
  };
  clock = steadyClock(anchorClock(sources), sources);
});

function pass(awakeMs: number, asleepMs = 0): void {
  times.wallMs += awakeMs + asleepMs;
  times.monotonicMs += awakeMs;
  times.uptimeMs += awakeMs + asleepMs;
}

test('it begins at the wall clock and goes on with it', () => {
  assert.equal(clock.now(), times.wallMs);
  pass(1234.5);
  assert.equal(clock.now(), Math.floor(times.wallMs));
});

for (const jump of [86_400_000, -86_400_000]) {
  test(`setting the wall clock by ${jump / 1000} s changes nothing`, () => {
    const before = clock.now();
    times.wallMs += jump;
    assert.equal(clock.now(), before);
    pass(3000);
    assert.equal(clock.now(), before + 3000);
  });
}

test('a moment is shown by the wall clock as it is set now, and small ways apart move nothing', () => {
  const shown = wallTime(clock, sources);
  const then = clock.now();
  assert.equal(shown(then), then);
  pass(60_000);
  times.wallMs += 400;
  assert.equal(shown(then), then);
  times.wallMs += 86_400_000;
  assert.equal(shown(then), then + 86_400_000, 'a machine that began in 1970 shows when it really was');
  assert.ok(Math.abs(shown(clock.now()) - times.wallMs) < 1000);
});

test('time in which the machine slept counts', () => {
  const before = clock.now();
  pass(100, 3_600_000);
  pass(1000);
  assert.equal(clock.now(), before + 3_601_100);
  pass(5000, 7_200_000);
  assert.equal(clock.now(), before + 10_806_100);
});

test('an uptime in whole seconds makes no time of its own', () => {
  const exact = sources.uptimeMs;
  sources = { ...sources, uptimeMs: () => Math.floor(exact() / 1000) * 1000 };
  clock = steadyClock(anchorClock(sources), sources);
  const before = clock.now();
  for (let turn = 1; turn <= 100; turn++) {
    pass(777);
    assert.equal(clock.now(), before + turn * 777);
  }
});

test('the uptime is asked at most once a second', () => {
  looks = 0;
  for (let turn = 0; turn < 1000; turn++) {
    pass(5);
    clock.now();
  }
  assert.ok(looks <= 6, `${looks}`);
});

test('threads that count from one anchor agree', async () => {
  const anchor = anchorClock();
  const url = new URL('../../../../core/host/linux/steady-clock.ts', import.meta.url).href;
  const entry = `
    const { parentPort, workerData } = require('node:worker_threads');
    import(${JSON.stringify(url)}).then(({ steadyClock }) => parentPort.postMessage(steadyClock(workerData).now()));`;
  await new Promise((resolve) => setTimeout(resolve, 50));
  const own = steadyClock(anchor);
  const before = own.now();
  const worker = new Worker(entry, { eval: true, workerData: anchor });
  const there = await new Promise<number>((resolve) => worker.once('message', resolve));
  assert.ok(there >= before && there <= own.now(), `${before} ${there} ${own.now()}`);
  await worker.terminate();
});
