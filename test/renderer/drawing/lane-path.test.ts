import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Rate } from '#core/api/reading/rate.ts';
import { laneArea, lanePath } from '#renderer/drawing/lane-path.ts';
import { historyLength } from '#renderer/state/rates.ts';

const rate = (outBytes: number): Rate => ({ outBytes, inBytes: 0, outPackets: 0, inPackets: 0 });
const out = ({ outBytes }: Rate): number => outBytes;

test('the newest reading is at the right edge, the most reaches 16 above the datum, and nothing lies on it', () => {
  assert.equal(lanePath([rate(0), rate(50), rate(100)], out, 100, 1), 'M123.7 18.5 L125.8 10.5 L128.0 2.5');
});

test('the other lane is its mirror below the datum', () => {
  assert.equal(lanePath([rate(100)], out, 100, -1), 'M128.0 34.5');
});

test('the area of a lane reaches from its line to the datum, and has a gap where nothing was measured', () => {
  const area = laneArea([rate(100), rate(50), null, rate(100), rate(100)], out, 100, 1);
  assert.match(area, /^M119\.3 18\.5L119\.3 2\.5L121\.5 10\.5L121\.5 18\.5zM125\.8 18\.5L/);
  assert.equal(laneArea([rate(1)], out, 1, 1), '', 'a single reading has no width');
});

test('a gap begins a new line, so nothing is drawn where nothing was measured', () => {
  const path = lanePath([rate(1), rate(1), null, rate(1), rate(1)], out, 1, 1);
  assert.equal(path.replace(/[^MLZ]/g, ''), 'MLML');
});

test('a full minute begins at the left edge', () => {
  assert.match(
    lanePath(
      Array.from({ length: historyLength }, () => rate(1)),
      out,
      1,
      1,
    ),
    /^M0\.0 2\.5 /,
  );
});
