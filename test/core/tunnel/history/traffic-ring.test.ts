/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CountedSteps, trafficColumns, TrafficRing } from '#core/tunnel/history/traffic-ring.ts';

test('a step is read as it was written, scaled, until the ring has gone round', () => {
  const ring = new TrafficRing(4);
  ring.write(10, Float64Array.of(1, 2, 3, 4, 5), 2);
  assert.deepEqual(
    trafficColumns.map((_, column) => ring.read(10, column)),
    [2, 4, 6, 8, 10],
  );
  ring.write(14, Float64Array.of(7, 0, 0, 0, 0), 1);
  assert.equal(ring.read(14, 0), 7);
});

test('a step counts only if it was counted itself, not the one a round before', () => {
  const steps = new CountedSteps(4);
  steps.add(10);
  assert.deepEqual([steps.has(10), steps.has(14), steps.has(6), steps.has(0)], [true, false, false, false]);
});
