/**
 * Processor time from proc(5).
 * @module
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseProcessStat, parseSystemStat, residentMiB, startMeter } from '../processor-time.ts';

test('reads a process whose name holds blanks and brackets', () => {
  const line = '42 (a ) b) S 7 42 42 0 -1 4194560 100 200 0 0 11 22 33 44 20 0 5 0 1000 0 0';
  assert.deepEqual(parseProcessStat(line), { own: 33, system: 22, children: 77, parent: 7 });
});

test('reads user, nice and system time of the machine', () => {
  assert.equal(parseSystemStat('cpu  100 20 3 9999 5 6 7 0 0 0\ncpu0 1 2 3 4\n'), 123);
});

test('work of this process is not foreign', () => {
  const readMeter = startMeter([process.pid]);
  const end = performance.now() + 120;
  while (performance.now() < end);
  const { wallSeconds, daemonSeconds } = readMeter();
  assert.ok(wallSeconds >= 0.12);
  assert.ok(daemonSeconds > 0, 'the daemon that is measured here is this very process');
});

test('a daemon that does not exist costs nothing', () => {
  assert.equal(startMeter([99_999_999])().daemonSeconds, 0);
});

test('resident memory is that of the largest process that is there', () => {
  const own = residentMiB([process.pid, 99_999_999]) ?? 0;
  assert.ok(own > 10 && own < 4096, `${own} MiB`);
  assert.equal(residentMiB([99_999_999]), null);
});
