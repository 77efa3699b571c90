/**
 * A capture of the wire by tcpdump(8), complete or known not to be: the kernel's count of packets that it had to drop
 * comes with it.
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Namespace } from '#examples/two-gateways/netns/namespace.ts';
import type { Running } from '#examples/two-gateways/netns/process.ts';

/** A capture that runs. */
export type Capture = {
  readonly path: string;
  /** Stop it, and give the number of packets that the kernel dropped for want of room. */
  stop(): Promise<number>;
};

/** Bytes kept of each frame: every header in front of the ciphertext, and as much again as an inner header. */
export const keptBytes = 128;
/** The kernel hands packets over in blocks, a block that is not full after this long. */
const blockTimeoutMs = 1000;

/** Capture what crosses `device` from now on into a file. `bufferMiB` is the kernel's buffer. */
export async function startCapture(
  namespace: Namespace,
  device: string,
  path: string,
  bufferMiB: number,
): Promise<Capture> {
  const buffer = ['-B', String(bufferMiB * 1024), '-s', String(keptBytes)];
  const tcpdump = namespace.start(['tcpdump', '-i', device, '-n', '-p', ...buffer, '-Z', 'root', '-w', path]);
  await tcpdump.waitFor('listening on', 10_000);
  return { path, stop: () => stopCapture(tcpdump) };
}

async function stopCapture(tcpdump: Running): Promise<number> {
  await sleep(blockTimeoutMs + 100);
  const { stderr } = await tcpdump.stop('SIGINT');
  return parseKernelDrops(stderr);
}

/** Read the count of dropped packets from what tcpdump says at its end. @throws Error when it says none. */
export function parseKernelDrops(text: string): number {
  const match = /(\d+) packets? dropped by kernel/.exec(text);
  if (match === null) throw new Error(`tcpdump gave no account: ${text.trim()}`);
  return Number(match[1]);
}
