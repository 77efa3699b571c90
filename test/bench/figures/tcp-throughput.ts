/**
 * TCP throughput by iperf3, and what the daemons spent on it.
 * @module
 */
import type { Endpoints } from '../contender.ts';
import type { FigureName, Measured, Probe } from '../figure.ts';
import { runTcp, type Way } from '../iperf3.ts';
import { residentMiB, startMeter } from '../processor-time.ts';

/** Payload of a full segment: the inner MTU of 1400 less IPv4 and TCP headers with timestamps. */
const segmentBytes = 1348;

/** One stream from A to B, with what it costs. */
export const tcpOneStream: Probe = { name: 'TCP, 1 stream, A to B', measure: measureOneStream };

/** One and four streams in other ways. */
export const tcpOneStreamBack = throughput('TCP, 1 stream, B to A', 'tcp1Reverse', 1, 'back');
/** Four streams from A to B. */
export const tcpFourStreams = throughput('TCP, 4 streams, A to B', 'tcp4', 4, 'forth');
/** Four streams from B to A. */
export const tcpFourStreamsBack = throughput('TCP, 4 streams, B to A', 'tcp4Reverse', 4, 'back');
/** Four streams each way. */
export const tcpFourStreamsBoth = throughput('TCP, 4 streams each way', 'tcp4Both', 4, 'both');

async function measureOneStream(ends: Endpoints, seconds: number): Promise<Measured> {
  const readMeter = startMeter(ends.daemonPids);
  let rss: number | null = null;
  const timer = setTimeout(() => (rss = residentMiB(ends.daemonPids)), seconds * 700);
  const { bytes, gbitPerSecond } = await runTcp(ends, { seconds, streams: 1, way: 'forth' });
  clearTimeout(timer);
  const { daemonSeconds, daemonSystemSeconds } = readMeter();
  const hasCost = ends.daemonPids.length > 0 && bytes > 0;
  const packets = bytes / segmentBytes;
  return {
    tcp1: gbitPerSecond,
    cpuPerGbit: hasCost ? daemonSeconds / ((bytes * 8) / 1e9) : null,
    userPerPacket: hasCost ? ((daemonSeconds - daemonSystemSeconds) / packets) * 1e9 : null,
    systemPerPacket: hasCost ? (daemonSystemSeconds / packets) * 1e9 : null,
    rss,
    startup: ends.startupMs,
  };
}

function throughput(name: string, figure: FigureName, streams: number, way: Way): Probe {
  return {
    name,
    measure: async (ends, seconds) => ({ [figure]: (await runTcp(ends, { seconds, streams, way })).gbitPerSecond }),
  };
}
