/**
 * The figures of the benchmark: their names in the JSON, and how they are written. Each probe in figures/ measures one or several.
 * @module
 */
import type { Endpoints } from './contender.ts';

/** A table of the page. */
export type FigureGroup = 'throughput' | 'cost' | 'packets' | 'roundTrip' | 'stages' | 'desktop' | 'app';

/** One figure. */
export type FigureRow = {
  readonly group: FigureGroup;
  readonly label: string;
  readonly unit: string;
  readonly digits: number;
};

/** Every figure, in the order of the tables. */
export const figures = {
  tcp1: { group: 'throughput', label: '1 stream, A to B', unit: 'Gbit/s', digits: 2 },
  tcp1Reverse: { group: 'throughput', label: '1 stream, B to A', unit: 'Gbit/s', digits: 2 },
  tcp4: { group: 'throughput', label: '4 streams, A to B', unit: 'Gbit/s', digits: 2 },
  tcp4Reverse: { group: 'throughput', label: '4 streams, B to A', unit: 'Gbit/s', digits: 2 },
  tcp4Both: { group: 'throughput', label: '4 streams each way at once, sum', unit: 'Gbit/s', digits: 2 },
  cpuPerGbit: { group: 'cost', label: 'daemons, TCP, 1 stream', unit: 'core s/Gbit', digits: 3 },
  userPerPacket: { group: 'cost', label: 'of it in user space', unit: 'ns/packet', digits: 0 },
  systemPerPacket: { group: 'cost', label: 'of it in system calls', unit: 'ns/packet', digits: 0 },
  rss: { group: 'cost', label: 'memory under load', unit: 'MiB', digits: 0 },
  startup: { group: 'cost', label: 'start of a daemon', unit: 'ms', digits: 0 },
  udp64: { group: 'packets', label: 'received', unit: '1000/s', digits: 1 },
  udp64Loss: { group: 'packets', label: 'lost', unit: '%', digits: 2 },
  rttMin: { group: 'roundTrip', label: 'least', unit: 'ms', digits: 3 },
  rttMedian: { group: 'roundTrip', label: 'median', unit: 'ms', digits: 3 },
  rttP99: { group: 'roundTrip', label: '99 %', unit: 'ms', digits: 3 },
  rttAdded: { group: 'roundTrip', label: 'added to the veth, median', unit: 'ms', digits: 3 },
  rttLoadedMin: { group: 'roundTrip', label: 'under load, least', unit: 'ms', digits: 3 },
  rttLoadedMedian: { group: 'roundTrip', label: 'under load, median', unit: 'ms', digits: 3 },
  rttLoadedP99: { group: 'roundTrip', label: 'under load, 99 %', unit: 'ms', digits: 3 },
  decision1: { group: 'stages', label: 'decisions, out and in, 1 SA', unit: 'ns/packet', digits: 1 },
  decision10000: { group: 'stages', label: 'decisions, out and in, 10,000 SAs', unit: 'ns/packet', digits: 1 },
  decisionSpread: {
    group: 'stages',
    label: 'the same, packets received for all SAs in turn',
    unit: 'ns/packet',
    digits: 1,
  },
  superPacketDecision: {
    group: 'stages',
    label: 'decisions, out, a segment of a super-packet',
    unit: 'ns/packet',
    digits: 1,
  },
  sealTime: { group: 'stages', label: 'segment, checksum and seal 1400 bytes', unit: 'ns/packet', digits: 0 },
  openTime: { group: 'stages', label: 'open 1400 bytes', unit: 'ns/packet', digits: 0 },
  allocated: { group: 'stages', label: 'allocated in JavaScript, bytes/packet', unit: 'bytes/packet', digits: 2 },
  firstPaint: { group: 'desktop', label: 'start of `culvert ui` until the list is painted', unit: 'ms', digits: 0 },
  screenScript: { group: 'desktop', label: 'script of the first screen, gzip', unit: 'kB', digits: 1 },
  idleHelper: { group: 'desktop', label: 'idle: culvertd', unit: '% of a core', digits: 2 },
  idleServer: { group: 'desktop', label: 'idle: `culvert ui`', unit: '% of a core', digits: 2 },
  idlePage: { group: 'desktop', label: 'idle: the page’s process', unit: '% of a core', digits: 2 },
  idleBrowser: { group: 'desktop', label: 'idle: the browser’s other processes', unit: '% of a core', digits: 2 },
  idleAll: { group: 'desktop', label: 'idle: all of these', unit: '% of a core', digits: 2 },
  idleAllLater: { group: 'desktop', label: 'idle: all of these, a minute later', unit: '% of a core', digits: 2 },
  idleBlank: {
    group: 'desktop',
    label: 'for comparison: the browser with an empty tab instead',
    unit: '% of a core',
    digits: 2,
  },
  idleReference: {
    group: 'desktop',
    label: 'for comparison: a process that only wakes ten times a second',
    unit: '% of a core',
    digits: 2,
  },
  appFirstPaint: { group: 'app', label: 'start of the app until the list is painted', unit: 'ms', digits: 0 },
  appMemory: { group: 'app', label: 'private memory of all its processes', unit: 'MiB', digits: 0 },
  appIdleShown: { group: 'app', label: 'idle, the window shown', unit: '% of a core', digits: 2 },
  appIdleHidden: { group: 'app', label: 'idle, the window hidden', unit: '% of a core', digits: 2 },
  trayMenu: { group: 'app', label: 'tray menu of 1,000 tunnels', unit: 'ms', digits: 2 },
  debSize: { group: 'app', label: 'the deb', unit: 'MiB', digits: 1 },
} as const satisfies Record<string, FigureRow>;

/** A figure's name. */
export type FigureName = keyof typeof figures;

/** All figures' names, in the order of the tables. */
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
