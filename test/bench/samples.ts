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

/** Stands for the peer with the highest median of the figure. */
export const bestPeer = 'bestPeer';
/** Contender name of what is measured in one process, without any tunnel. */
export const inProcess = 'inProcess';
/** Contender name of the window. */
export const desktop = 'desktop';

/**
 * Ratios that are printed: `FIGURE.CONTENDER/CONTENDER`, `FIGURE.CONTENDER/FIGURE.CONTENDER`, or `FIGURE/FIGURE` of what is
 * measured in one process.
 */
export const ratioNames = [
  'tcp1.natT/wireguardGoNewest',
  'tcp1.natT/wireguardGoDebian',
  'tcp1.natT/boringtun',
  'tcp1.natT/openvpn',
  'tcp1.natT/libipsec',
  'tcp1.natT/limit',
  'tcp1.natT/veth',
  'udp64.natT/wireguardGoNewest',
  'udp64.natT/bestPeer',
  'tcp1.esp/tcp1.natT',
  'tcp1.esp/openvpn',
  'tcp1.chacha20/tcp1.natT',
  'tcp1.cbcSha256/tcp1.natT',
  'cpuPerGbit.natT/wireguardGoNewest',
  'rttAdded.natT/wireguardGoNewest',
  'decision10000/decision1',
  'tcp4Both.natT/tcp4.natT',
  'tcp1.natT6/tcp1.natT',
  'tcp1.esp6/tcp1.esp',
  'tcp1.natTLink1/tcp1.natT',
  'tcp1.natT100/tcp1.natT',
  'tcp1.natT1000/tcp1.natT',
  'tcp1.natTSas/tcp1.natT',
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

/** The ratios of medians that can be had from what was measured. `peers`: names of contenders that `bestPeer` may be. */
export function ratiosOf(
  samples: readonly Sample[],
  peers: readonly string[] = [],
  names: readonly string[] = ratioNames,
): Record<string, number> {
  const entries = names.flatMap((name) => {
    const ratio = ratioOf(samples, peers, name);
    return ratio === null ? [] : [[name, ratio] as const];
  });
  return Object.fromEntries(entries);
}

function ratioOf(samples: readonly Sample[], peers: readonly string[], name: string): number | null {
  const [above = '', below = ''] = name.split('/');
  const [figure = '', contender = inProcess] = above.split('.');
  const [belowFigure = '', belowContender = inProcess] =
    below.includes('.') || !above.includes('.') ? below.split('.') : [figure, below];
  const upper = medianOf(samples, contender, figure);
  const lower =
    belowContender === bestPeer ? bestOf(samples, peers, belowFigure) : medianOf(samples, belowContender, belowFigure);
  if (upper === undefined || lower === undefined || lower === 0) return null;
  return Number((upper / lower).toPrecision(4));
}

function medianOf(samples: readonly Sample[], contender: string, figure: string): number | undefined {
  return spreadOf(samples, contender, figure)?.median;
}

function bestOf(samples: readonly Sample[], peers: readonly string[], figure: string): number | undefined {
  const medians = peers.flatMap((peer) => medianOf(samples, peer, figure) ?? []);
  return medians.length === 0 ? undefined : Math.max(...medians);
}
