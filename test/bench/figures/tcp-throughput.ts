/**
 * TCP throughput by iperf3, and what the daemons spent on it.
 * @module
 */
import type { Endpoints } from '../contender.ts';
import type { Measured, Probe } from '../figure.ts';
import { runTcp } from '../iperf3.ts';
import { startMeter } from '../processor-time.ts';

/** One and four streams, each way. */
export const tcpProbes: readonly Probe[] = [
  { name: 'TCP, 1 stream, A to B', measure: measureOneStream },
  {
    name: 'TCP, 1 stream, B to A',
    measure: async (ends, seconds) => ({ tcp1Reverse: await throughput(ends, seconds, 1, true) }),
  },
  {
    name: 'TCP, 4 streams, A to B',
    measure: async (ends, seconds) => ({ tcp4: await throughput(ends, seconds, 4, false) }),
  },
  {
    name: 'TCP, 4 streams, B to A',
    measure: async (ends, seconds) => ({ tcp4Reverse: await throughput(ends, seconds, 4, true) }),
  },
];

async function measureOneStream(ends: Endpoints, seconds: number): Promise<Measured> {
  const readMeter = startMeter(ends.daemonPids);
  const { bytes, gbitPerSecond } = await runTcp(ends, { seconds, streams: 1, isReverse: false });
  const { daemonSeconds } = readMeter();
  const hasCost = ends.daemonPids.length > 0 && bytes > 0;
  return {
    tcp1: gbitPerSecond,
    cpuPerGbit: hasCost ? daemonSeconds / ((bytes * 8) / 1e9) : null,
    cpuPerGigabyte: hasCost ? daemonSeconds / (bytes / 1e9) : null,
  };
}

async function throughput(ends: Endpoints, seconds: number, streams: number, isReverse: boolean): Promise<number> {
  return (await runTcp(ends, { seconds, streams, isReverse })).gbitPerSecond;
}
