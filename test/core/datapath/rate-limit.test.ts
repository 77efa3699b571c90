import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Interval, IntervalTable, TokenBucket } from '#core/datapath/rate-limit.ts';

test('an interval allows the first, then one each time it has passed', () => {
  const interval = new Interval(1000);
  assert.deepEqual(
    [0, 999, 1000, 1999, 2500].map((now) => interval.take(now)),
    [true, false, true, false, true],
  );
});

test('a clock that was set back does not silence an interval', () => {
  const interval = new Interval(1000);
  assert.ok(interval.take(1_000_000));
  assert.ok(interval.take(5));
  assert.ok(!interval.take(6));
});

test('a bucket gives its burst, then its rate', () => {
  const bucket = new TokenBucket(3, 10);
  const taken = [0, 0, 0, 0, 99, 100, 101].map((now) => bucket.take(now));
  assert.deepEqual(taken, [true, true, true, false, false, true, false]);
});

test('a bucket never holds more than its burst', () => {
  const bucket = new TokenBucket(2, 10);
  assert.ok(bucket.take(0));
  assert.deepEqual(
    [100_000, 100_000, 100_000].map((now) => bucket.take(now)),
    [true, true, false],
  );
});

test('speakers have an interval each; one that was forgotten starts anew', () => {
  const table = new IntervalTable(1000);
  assert.deepEqual([table.take(1, 0), table.take(1, 999), table.take(2, 999)], [true, false, true]);
  table.retain(() => [2, undefined]);
  assert.deepEqual([table.take(1, 999), table.take(2, 999), table.take(2, 1999)], [true, false, true]);
});
