/**
 * Echo requests by ping(8), and what came back.
 * @module
 */
import type { Namespace } from './namespace.ts';

/** One series of echo requests. */
export type PingResult = {
  readonly sent: number;
  readonly received: number;
  /** Round-trip times in order of arrival. */
  readonly rttMs: readonly number[];
};

/** How many echo requests, how far apart, and how long to wait for the last. */
export type PingOptions = { readonly count: number; readonly intervalSeconds: number; readonly waitSeconds: number };

/** Ping an address from inside a namespace. A lost packet is a result, not an error. */
export async function ping(from: Namespace, address: string, options: PingOptions): Promise<PingResult> {
  const { count, intervalSeconds, waitSeconds } = options;
  const args = ['-n', '-c', String(count), '-i', String(intervalSeconds), '-W', String(waitSeconds), address];
  const { stdout } = await from.run(['ping', ...args], { mayFail: true });
  return parsePing(stdout);
}

/** Read ping's output. @throws Error when its closing line is missing. */
export function parsePing(text: string): PingResult {
  const closing = /(\d+) packets transmitted, (\d+) (?:packets )?received/.exec(text);
  if (closing === null) throw new Error(`ping gave no result: ${text.trim().split('\n').at(-1) ?? ''}`);
  const rttMs = [...text.matchAll(/ time[=<]([\d.]+) ms/g)].map((match) => Number(match[1]));
  return { sent: Number(closing[1]), received: Number(closing[2]), rttMs };
}
