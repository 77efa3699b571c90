import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Shape } from '#renderer/drawing/hero/shape.ts';
import {
  condense,
  drawThroughput,
  niceRate,
  type ChartWords,
  type TrafficHistory,
} from '#renderer/drawing/throughput-drawing.ts';

const words: ChartWords = {
  out: 'out',
  in: 'in',
  units: 'bits',
  clock: (atMs) => `at ${atMs}`,
  zoneMs: 0,
  mark: ({ kind, atMs }) => `${kind} ${atMs}`,
};

function history(rates: readonly (number | null)[], marks: TrafficHistory['marks'] = []): TrafficHistory {
  const points = rates.map((rate, index) => ({
    ...{ atMs: index * 1000, outBytes: rate, inBytes: rate },
    ...{ outPackets: rate, inPackets: rate, drops: rate === null ? null : 0 },
  }));
  return { stepMs: 1000, points, marks };
}

function paths(shapes: readonly Shape[], className: string): string[] {
  return shapes.flatMap((shape) => (shape.kind === 'path' && shape.className === className ? [shape.d] : []));
}

function texts(shapes: readonly Shape[]): string[] {
  return shapes.flatMap((shape) => (shape.kind === 'text' ? [shape.text] : []));
}

test('what was not measured leaves a gap', () => {
  const shapes = drawThroughput(history([1, 2, null, null, 3, 4]), 400, words);
  assert.equal(paths(shapes, 'o').length, 2);
  assert.equal(paths(shapes, 'i').length, 2);
});

test('the datum is dashed while nothing was measured, and solid for silence', () => {
  const datum = (rates: readonly (number | null)[]): Shape | undefined =>
    drawThroughput(history(rates), 400, words).find((shape) => shape.className === 'datum');
  const isDashed = (shape: Shape | undefined): boolean => shape?.kind === 'path' && shape.dashes !== undefined;
  assert.equal(isDashed(datum([null, null])), true);
  assert.equal(isDashed(datum([0, 0])), false);
});

test('out lies above the datum, in below it', () => {
  const shapes = drawThroughput(history([1e6, 1e6]), 400, words);
  const levels = (className: string): number[] =>
    paths(shapes, className).flatMap((d) => [...d.matchAll(/[\d.]+ ([\d.]+)/g)].map(([, y]) => Number(y)));
  assert.ok(levels('o').every((y) => y < 84));
  assert.ok(levels('i').every((y) => y > 84));
});

test('a scale ends at 1, 2 or 5 in the unit that is shown', () => {
  assert.equal(niceRate(4.82e6 / 8, 'bits') * 8, 5e6);
  assert.equal(niceRate(38.6e6 / 8, 'bits') * 8, 5e7);
  assert.equal(niceRate(1.5e6, 'bytes'), 2e6);
  assert.equal(niceRate(0, 'bytes'), 1000);
  for (const rate of [1, 999, 1000, 1001, 2e9]) assert.ok(niceRate(rate, 'bytes') >= rate);
});

test('labels of events do not touch each other, and the newest has one', () => {
  const marks = [10, 11, 12, 50].map((second) => ({ atMs: second * 1000, kind: 'drops' as const, text: '' }));
  const shapes = drawThroughput(
    history(
      Array.from({ length: 60 }, () => 1),
      marks,
    ),
    460,
    words,
  );
  const labels = texts(shapes).filter((text) => text.startsWith('drops'));
  assert.deepEqual(labels, ['drops 50000', 'drops 12000']);
  assert.equal(paths(shapes, 'fau fau--thin').length, 4);
});

test('a mark from before the span is not drawn', () => {
  const mark = { atMs: -5000, kind: 'rekey' as const, text: '' };
  assert.deepEqual(
    texts(drawThroughput(history([1, 2], [mark]), 400, words)).filter((one) => one.includes('rekey')),
    [],
  );
});

test('more points than fit are averaged, over what was measured', () => {
  const condensed = condense(history([1, 3, null, 5, null, null]).points, 3);
  assert.deepEqual(
    condensed.map(({ outBytes }) => outBytes),
    [2, 5, null],
  );
});

test('times stand at whole steps of the person’s clock, as many as have room', () => {
  const clock = (width: number, zoneMs: number): string[] => {
    const points = history(Array.from({ length: 60 }, () => 1)).points.map((point) => ({
      ...point,
      atMs: point.atMs + 3000,
    }));
    return texts(drawThroughput({ stepMs: 1000, points, marks: [] }, width, { ...words, zoneMs })).filter((text) =>
      text.startsWith('at '),
    );
  };
  assert.deepEqual(clock(460, 0), ['at 10000', 'at 20000', 'at 30000', 'at 40000', 'at 50000', 'at 60000']);
  assert.deepEqual(clock(260, 0), ['at 30000', 'at 60000'].slice(0));
  assert.deepEqual(clock(460, 4000).slice(0, 2), ['at 16000', 'at 26000']);
});
