/**
 * iperf3(1) between the two ends of a contender, cubic throughout.
 * @module
 */
import type { Endpoints } from './contender.ts';

/** What a TCP run came to. */
export type TcpRun = { readonly bytes: number; readonly gbitPerSecond: number; readonly retransmits: number };

/** What a UDP run came to, seen by the receiver. */
export type UdpRun = { readonly receivedPerSecond: number; readonly lossPercent: number };

/** A TCP run. `isReverse`: from B to A. */
export type TcpOptions = { readonly seconds: number; readonly streams: number; readonly isReverse: boolean };

const startPatienceMs = 5000;

/** Run TCP streams, from A to B or in reverse. */
export async function runTcp(ends: Endpoints, { seconds, streams, isReverse }: TcpOptions): Promise<TcpRun> {
  const direction = isReverse ? ['-R'] : [];
  return parseTcp(await runClient(ends, seconds, ['-C', 'cubic', '-P', String(streams), ...direction]));
}

/** Send datagrams of `payloadBytes` from A to B as fast as iperf3 can. */
export async function runUdp(ends: Endpoints, seconds: number, payloadBytes: number): Promise<UdpRun> {
  return parseUdp(await runClient(ends, seconds, ['-u', '-b', '0', '-l', String(payloadBytes)]));
}

/** Read the JSON of a TCP run. @throws Error with iperf3's own words when it failed. */
export function parseTcp(text: string): TcpRun {
  const end = readEnd(text);
  const received = numbersOf(end['sum_received']);
  const sent = numbersOf(end['sum_sent']);
  return {
    bytes: received['bytes'] ?? 0,
    gbitPerSecond: (received['bits_per_second'] ?? 0) / 1e9,
    retransmits: sent['retransmits'] ?? 0,
  };
}

/** Read the JSON of a UDP run. @throws Error with iperf3's own words when it failed. */
export function parseUdp(text: string): UdpRun {
  const { packets = 0, lost_packets: lost = 0, seconds = 0 } = numbersOf(readEnd(text)['sum']);
  return {
    receivedPerSecond: seconds === 0 ? 0 : (packets - lost) / seconds,
    lossPercent: packets === 0 ? 0 : (lost / packets) * 100,
  };
}

async function runClient(ends: Endpoints, seconds: number, args: readonly string[]): Promise<string> {
  const server = ends.b.start(['iperf3', '-s', '-1', '-B', ends.addressB, '--forceflush']);
  try {
    await server.waitFor('Server listening', startPatienceMs);
    const client = ['-c', ends.addressB, '-B', ends.addressA, '-J', '-t', String(seconds), ...args];
    const timeoutMs = seconds * 1000 + 20_000;
    return (await ends.a.run(['iperf3', ...client], { mayFail: true, timeoutMs })).stdout;
  } finally {
    await server.stop('SIGTERM', 2000);
  }
}

function readEnd(text: string): Record<string, unknown> {
  const result = recordOf(JSON.parse(text));
  if (result['error'] !== undefined) throw new Error(`iperf3: ${String(result['error'])}`);
  return recordOf(result['end']);
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function numbersOf(value: unknown): Record<string, number> {
  return Object.fromEntries(Object.entries(recordOf(value)).filter((entry) => typeof entry[1] === 'number')) as Record<
    string,
    number
  >;
}
