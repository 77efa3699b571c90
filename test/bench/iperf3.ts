/**
 * iperf3(1) between the two ends of a contender, cubic throughout.
 * @module
 */
import type { Endpoints } from './contender.ts';

/** What a TCP run came to. */
export type TcpRun = { readonly bytes: number; readonly gbitPerSecond: number; readonly retransmits: number };

/** Which way the streams go, seen from A. */
export type Way = 'forth' | 'back' | 'both';

/** A TCP run: so many streams, each way if it is both. */
export type TcpOptions = { readonly seconds: number; readonly streams: number; readonly way: Way };

const startPatienceMs = 5000;

const wayOptions: Readonly<Record<Way, readonly string[]>> = { forth: [], back: ['-R'], both: ['--bidir'] };

/** Run TCP streams. */
export async function runTcp(ends: Endpoints, { seconds, streams, way }: TcpOptions): Promise<TcpRun> {
  return parseTcp(await runClient(ends, seconds, ['-C', 'cubic', '-P', String(streams), ...wayOptions[way]]));
}

/** Read the JSON of a run, both ways summed up. @throws Error with iperf3's own words when it failed. */
export function parseTcp(text: string): TcpRun {
  const end = readEnd(text);
  const received = [numbersOf(end['sum_received']), numbersOf(end['sum_received_bidir_reverse'])];
  const sent = [numbersOf(end['sum_sent']), numbersOf(end['sum_sent_bidir_reverse'])];
  const sum = (parts: readonly Record<string, number>[], name: string): number =>
    parts.reduce((total, part) => total + (part[name] ?? 0), 0);
  return {
    bytes: sum(received, 'bytes'),
    gbitPerSecond: sum(received, 'bits_per_second') / 1e9,
    retransmits: sum(sent, 'retransmits'),
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
