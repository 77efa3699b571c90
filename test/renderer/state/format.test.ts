import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  formatAge,
  formatBytes,
  formatClock,
  formatClockMinute,
  formatCount,
  formatDuration,
  formatEndpoint,
  formatRough,
} from '#renderer/state/format.ts';

const thin = '\u2009';

test('counts have thin groups of three', () => {
  assert.deepEqual([0, 999, 1000, 1_636_802].map(formatCount), ['0', '999', `1${thin}000`, `1${thin}636${thin}802`]);
});

test('bytes have at most three figures and decimal units, and never a thousand of the smaller one', () => {
  const shown = [0, 999, 1000, 999_499, 999_500, 2_310_000_000].map(formatBytes);
  assert.deepEqual(shown, ['0 B', '999 B', '1 kB', '999 kB', '1.00 MB', '2.31 GB']);
});

test('durations tell two units at most, tenths below ten seconds, and no zero: it was not just now', () => {
  const second = 1000;
  const cases = [
    [400, '0.4 s'],
    [12 * second, '12 s'],
    [252 * second, '4 min 12 s'],
    [3600 * second, '1 h'],
    [11_520 * second, '3 h 12 min'],
    [187_200 * second, '2 d 4 h'],
    [-5, '<0.1 s'],
    [49, '<0.1 s'],
    [51, '0.1 s'],
  ] as const;
  for (const [milliseconds, text] of cases) assert.equal(formatDuration(milliseconds), text);
});

test('where columns compare, the biggest unit stands alone', () => {
  assert.deepEqual([400, 252_000, 11_520_000].map(formatRough), ['0.4 s', '4 min', '3 h']);
});

test('ages under a minute go in steps of ten seconds, rounded down', () => {
  const cases = [
    [0, 'under 10 s'],
    [9_999, 'under 10 s'],
    [10_000, '10 s'],
    [59_999, '50 s'],
    [60_000, '1 min'],
    [252_000, '4 min'],
    [11_520_000, '3 h'],
  ] as const;
  for (const [milliseconds, text] of cases) assert.equal(formatAge(milliseconds), text);
});

test('the clock is the person’s, of 24 hours, with two digits everywhere', () => {
  const time = new Date(2026, 10, 5, 4, 2, 7).getTime();
  assert.equal(formatClock(time), '04:02:07');
  assert.equal(formatClockMinute(time), '04:02');
  assert.equal(formatClock(new Date(2026, 10, 5, 0, 59, 59).getTime()), '00:59:59');
});

test('an IPv6 endpoint has its brackets', () => {
  assert.equal(formatEndpoint('2001:db8::1', 4500), '[2001:db8::1]:4500');
  assert.equal(formatEndpoint('2001:db8::1', 0), '2001:db8::1');
  assert.equal(formatEndpoint('192.0.2.1', 4500), '192.0.2.1:4500');
});
