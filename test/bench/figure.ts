/**
 * The figures of the benchmark: their names in the JSON, and how they are written. Each probe in figures/ measures one or several.
 * @module
 */
import type { Endpoints } from './contender.ts';

/** One figure. */
export type FigureRow = { readonly label: string; readonly unit: string; readonly digits: number };

/** Every figure, in the order of the table. */
export const figures = {
  tcp1: { label: 'TCP, 1 stream, A to B', unit: 'Gbit/s', digits: 2 },
  tcp1Reverse: { label: 'TCP, 1 stream, B to A', unit: 'Gbit/s', digits: 2 },
  tcp4: { label: 'TCP, 4 streams, A to B', unit: 'Gbit/s', digits: 2 },
  tcp4Reverse: { label: 'TCP, 4 streams, B to A', unit: 'Gbit/s', digits: 2 },
  cpuPerGbit: { label: 'processor time of both daemons, TCP, 1 stream', unit: 'core s/Gbit', digits: 3 },
  cpuPerGigabyte: { label: 'the same by gigabyte', unit: 'core s/GB', digits: 3 },
  udp64: { label: 'UDP, 64 bytes, received', unit: '1000 packets/s', digits: 1 },
  udp64Loss: { label: 'UDP, 64 bytes, lost', unit: '%', digits: 1 },
  rttMin: { label: 'round trip, least', unit: 'ms', digits: 3 },
  rttMedian: { label: 'round trip, median', unit: 'ms', digits: 3 },
  rttAdded: { label: 'round trip added to the veth, median', unit: 'ms', digits: 3 },
} as const satisfies Record<string, FigureRow>;

/** A figure's name. */
export type FigureName = keyof typeof figures;

/** All figures' names, in the order of the table. */
export function figureNames(): FigureName[] {
  return Object.keys(figures).filter((name): name is FigureName => name in figures);
}

/** Values that one probe found; null where the figure has no meaning for the contender. */
export type Measured = Partial<Record<FigureName, number | null>>;

/** Measures something between two ends, for about `seconds`. */
export type Probe = {
  readonly name: string;
  readonly measure: (ends: Endpoints, seconds: number) => Promise<Measured>;
};
