/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatTimeAt, formatUtcTime, noTime } from '#core/setkey/time-stamp.ts';

test('a stamp has 20 characters, the day padded with a blank', () => {
  const stamp = formatUtcTime(Date.UTC(2026, 5, 4, 9, 15, 2));
  assert.equal(stamp, 'Jun  4 09:15:02 2026');
  assert.equal(stamp.length, 20);
  assert.equal(noTime.length, 20);
  assert.equal(formatUtcTime(Date.UTC(2025, 11, 31, 23, 59, 59, 999)), 'Dec 31 23:59:59 2025');
});

test('a zone shifts the stamp, also over midnight', () => {
  assert.equal(formatTimeAt(120)(Date.UTC(2025, 11, 31, 23, 0, 0)), 'Jan  1 01:00:00 2026');
});
