/**
 * The throughput chart as shapes: one datum line, out above it, in below it, each to a scale of its own that is written
 * at the right. Events stand on a strip on top; a drop is a tick on the datum. What was not measured leaves a gap.
 * @module
 */
import { formatRate } from '#core/api/reading/rate.ts';
import type { RelayResult } from '#core/api/relay.ts';
import { path, textWidth, word, type Shape } from './hero/shape.ts';

/** Traffic over a span, as `history.get` gives it. */
export type TrafficHistory = RelayResult<'history.get'>;
type Point = TrafficHistory['points'][number];
type Mark = TrafficHistory['marks'][number];

/** How the chart writes times and marks. */
export type ChartWords = {
  readonly out: string;
  readonly in: string;
  readonly units: 'bits' | 'bytes';
  readonly clock: (atMs: number) => string;
  /** What the person's clock is ahead of UTC: ticks stand at whole minutes and hours of theirs. */
  readonly zoneMs: number;
  readonly mark: (mark: Mark) => string;
};

/** Height of the chart. */
export const chartHeight = 186;
/** Levels: top of the out lane, datum, foot of the in lane, clock. */
const top = 36;
const datum = 84;
const foot = 164;
const clockLine = 181;
const scaleWidth = 48;
/** Least width of a step; points closer than that are averaged. */
const leastStep = 2;
/** Least room of a time under the chart, and its half. */
const clockWidth = 64;
const halfClock = 22;
/** What people count by, in milliseconds. */
const clockSteps = [
  1, 2, 5, 10, 15, 30, 60, 120, 180, 300, 600, 900, 1800, 3600, 7200, 10_800, 14_400, 21_600, 43_200,
].map((seconds) => seconds * 1000);

/** The chart of `history` at `width`. */
export function drawThroughput(history: TrafficHistory, width: number, words: ChartWords): Shape[] {
  const right = Math.max(120, width - scaleWidth);
  const points = condense(history.points, Math.floor(right / leastStep));
  const outMost = niceRate(Math.max(0, ...points.map(({ outBytes }) => outBytes ?? 0)), words.units);
  const inMost = niceRate(Math.max(0, ...points.map(({ inBytes }) => inBytes ?? 0)), words.units);
  const y = {
    out: (value: number): number => datum - (value / outMost) * (datum - top),
    in: (value: number): number => datum + (value / inMost) * (foot - datum),
  };
  const x = (index: number): number => (points.length < 2 ? right : (index * right) / (points.length - 1));
  const values = { out: points.map(({ outBytes }) => outBytes), in: points.map(({ inBytes }) => inBytes) };
  return [
    path('hair', `M0 ${top}H${right}M0 ${(datum + foot) / 2}H${right}`),
    ...area('of', values.out, x, y.out),
    ...area('if', values.in, x, y.in),
    ...line('o', values.out, x, y.out),
    ...line('i', values.in, x, y.in),
    path('datum', `M0 ${datum}H${right}`, values.out.every((value) => value === null) ? '4 3' : undefined),
    ...drawScale(outMost, inMost, right, words.units),
    ...drawMarks(history, right, words),
    ...drawClock(history, right, words),
    path('ln', `M0 ${foot}H${right}`),
    ...word('t-ink t-b halo', 6, top + 14, words.out),
    ...word('t-ink t-b halo', 6, foot - 6, words.in),
  ];
}

/** At most `most` points: neighbours are averaged, what was not measured is left out of the average. */
export function condense(points: readonly Point[], most: number): Point[] {
  const size = Math.max(1, Math.ceil(points.length / Math.max(1, most)));
  const condensed: Point[] = [];
  for (let start = 0; start < points.length; start += size) {
    const part = points.slice(start, start + size);
    const first = part[0];
    if (first === undefined) continue;
    condensed.push({
      atMs: first.atMs,
      outBytes: average(part.map(({ outBytes }) => outBytes)),
      inBytes: average(part.map(({ inBytes }) => inBytes)),
      outPackets: average(part.map(({ outPackets }) => outPackets)),
      inPackets: average(part.map(({ inPackets }) => inPackets)),
      drops: average(part.map(({ drops }) => drops)),
    });
  }
  return condensed;
}

/** The top of a scale in bytes a second: 1, 2 or 5 times a power of ten in the unit that is shown. */
export function niceRate(bytes: number, units: 'bits' | 'bytes'): number {
  const factor = units === 'bits' ? 8 : 1;
  const value = Math.max(1000, bytes * factor);
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 5, 10].find((one) => value <= one * power * 1.0001) ?? 10;
  return (step * power) / factor;
}

function average(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

type Place = (value: number) => number;

/** Runs of measured points: `M` begins each. */
function runs(values: readonly (number | null)[], x: Place, y: Place): string[][] {
  const found: string[][] = [[]];
  for (const [index, value] of values.entries()) {
    if (value === null) found.push([]);
    else found.at(-1)?.push(`${x(index).toFixed(1)} ${y(value).toFixed(1)}`);
  }
  return found.filter((run) => run.length > 0);
}

function line(className: string, values: readonly (number | null)[], x: Place, y: Place): Shape[] {
  return runs(values, x, y).map((run) => path(className, `M${run.join('L')}`));
}

function area(className: string, values: readonly (number | null)[], x: Place, y: Place): Shape[] {
  return runs(values, x, y).map((run) => {
    const from = run[0]?.split(' ')[0] ?? '0';
    const to = run.at(-1)?.split(' ')[0] ?? '0';
    return path(className, `M${from} ${datum}L${run.join('L')}L${to} ${datum}z`);
  });
}

function drawScale(outMost: number, inMost: number, right: number, units: 'bits' | 'bytes'): Shape[] {
  const x = right + 6;
  return [
    ...word('t-3', x, top + 4, formatRate(outMost, units)),
    ...word('t-3', x, datum + 4, '0'),
    ...word('t-3', x, foot + 4, formatRate(inMost, units)),
  ];
}

/** Events on their strip: labels only where they do not touch the one before; the newest are the ones that count. */
function drawMarks(history: TrafficHistory, right: number, words: ChartWords): Shape[] {
  const place = timePlace(history, right);
  let free = right;
  const shapes: Shape[] = [];
  for (const mark of history.marks.toSorted((one, other) => other.atMs - one.atMs)) {
    const x = place(mark.atMs);
    if (x === null) continue;
    const isDrop = mark.kind === 'drops';
    const text = words.mark(mark);
    const width = textWidth(text) + 14;
    const isLeft = x + width > free;
    const start = isLeft ? x - width : x;
    const hasRoom = start >= 0 && (isLeft ? x : x + width) <= free;
    shapes.push(...(isDrop ? dropMark(x, hasRoom) : eventMark(mark, x, hasRoom)));
    if (!hasRoom) continue;
    shapes.push(path(isDrop ? 'lead' : 'ln', `M${x} 8h${isLeft ? -6 : 6}`));
    const tone = isDrop ? 't-fault' : 't-ink';
    shapes.push(...word(isLeft ? `${tone} end` : tone, isLeft ? x - 10 : x + 10, 12, text));
    free = start - 8;
  }
  return shapes;
}

function dropMark(x: number, hasLabel: boolean): Shape[] {
  return [path('fau fau--thin', `M${x} ${datum - 6}v12`), ...(hasLabel ? [path('lead', `M${x} ${datum - 7}V8`)] : [])];
}

function eventMark({ kind }: Mark, x: number, hasLabel: boolean): Shape[] {
  const from = hasLabel ? 8 : 24;
  return [kind === 'rekey' ? path('ln', `M${x} ${from}V${foot}`, '3 2') : path('lead', `M${x} ${from}V${foot}`, '1 3')];
}

/** Where a time stands; null outside the span. */
function timePlace({ points }: TrafficHistory, right: number): (atMs: number) => number | null {
  const first = points[0]?.atMs ?? 0;
  const last = points.at(-1)?.atMs ?? 0;
  return (atMs) =>
    atMs < first || last <= first ? null : Math.min(right, Math.round(((atMs - first) * right) / (last - first)) + 0.5);
}

/** Whole steps of the person's clock; a time is written where it has room. */
function drawClock(history: TrafficHistory, right: number, words: ChartWords): Shape[] {
  const first = history.points[0]?.atMs;
  const last = history.points.at(-1)?.atMs;
  if (first === undefined || last === undefined || last <= first) return [];
  const room = Math.max(1, Math.floor(right / clockWidth));
  const step = clockSteps.find((one) => (last - first) / one <= room) ?? 86_400_000;
  const start = Math.ceil((first + words.zoneMs) / step) * step - words.zoneMs;
  const shapes: Shape[] = [];
  for (let atMs = start; atMs <= last; atMs += step) {
    const x = Math.round(((atMs - first) * right) / (last - first)) + 0.5;
    shapes.push(path('ln', `M${x} ${foot}v4`));
    if (x >= halfClock) shapes.push(...word('mid t-3', x, clockLine, words.clock(atMs)));
  }
  return shapes;
}
