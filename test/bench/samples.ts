/**
 * All values of a run of the benchmark, their medians and spread, and the ratios between them.
 * @module
 */
import { median } from '#examples/two-gateways/median.ts';
import type { FigureName } from './figure.ts';

/** One value. */
export type Sample = {
  readonly round: number;
  readonly contender: string;
  readonly figure: FigureName;
  readonly value: number;
};

/** The middle and the spread of a contender's values of one figure. */
export type Spread = { readonly median: number; readonly min: number; readonly max: number; readonly count: number };

/** Ratios that are printed: `FIGURE.CONTENDER/CONTENDER`, or `FIGURE.CONTENDER/FIGURE.CONTENDER`. */
export const ratioNames = [
  'tcp1.natT/veth',
  'tcp1.esp/veth',
  'tcp1.esp/tcp1.natT',
  'tcp4.natT/veth',
  'tcp4.natT/tcp1.natT',
  'udp64.natT/veth',
  'udp64.esp/veth',
  'cpuPerGbit.esp/natT',
] as const;

/** What a contender has of a figure, or null when it was not measured. */
export function spreadOf(samples: readonly Sample[], contender: string, figure: string): Spread | null {
  const values = samples
    .filter((sample) => sample.contender === contender && sample.figure === figure)
    .map(({ value }) => value);
  if (values.length === 0) return null;
  return { median: median(values), min: Math.min(...values), max: Math.max(...values), count: values.length };
}

/** Round by round, how much longer a contender's median round trip is than the veth's in the same round. */
export function addedRoundTrips(samples: readonly Sample[]): Sample[] {
  const medians = samples.filter(({ figure }) => figure === 'rttMedian');
  return medians.flatMap(({ round, contender, value }) => {
    const bare = medians.find((sample) => sample.round === round && sample.contender === 'veth');
    if (bare === undefined || contender === 'veth') return [];
    return [{ round, contender, figure: 'rttAdded' as const, value: value - bare.value }];
  });
}

/** The ratios of medians that can be had from what was measured. */
export function ratiosOf(samples: readonly Sample[], names: readonly string[] = ratioNames): Record<string, number> {
  const entries = names.flatMap((name) => {
    const ratio = ratioOf(samples, name);
    return ratio === null ? [] : [[name, ratio] as const];
  });
  return Object.fromEntries(entries);
}

function ratioOf(samples: readonly Sample[], name: string): number | null {
  const [above = '', below = ''] = name.split('/');
  const [figure = '', contender = ''] = above.split('.');
  const [belowFigure, belowContender] = below.includes('.') ? below.split('.') : [figure, below];
  const upper = spreadOf(samples, contender, figure);
  const lower = spreadOf(samples, belowContender ?? '', belowFigure ?? '');
  if (upper === null || lower === null || lower.median === 0) return null;
  return Number((upper.median / lower.median).toPrecision(4));
}
