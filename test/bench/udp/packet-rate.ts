/**
 * The packet generator between the two ends of a contender.
 * @module
 */
import { fileURLToPath } from 'node:url';
import type { Endpoints } from '../contender.ts';
import type { BestRate } from './rate-search.ts';

const senderPath = fileURLToPath(new URL('./udp-sender.ts', import.meta.url));
const receiverPath = fileURLToPath(new URL('./udp-receiver.ts', import.meta.url));
const startPatienceMs = 10_000;

/** The highest rate of 64-byte datagrams from A to B with under 1 % loss. */
export async function findPacketRate(ends: Endpoints, seconds: number): Promise<BestRate> {
  const receiver = ends.b.start([process.execPath, receiverPath, ends.addressB]);
  try {
    await receiver.waitFor('ready', startPatienceMs);
    const command = [process.execPath, senderPath, ends.addressA, ends.addressB, String(seconds)] as const;
    const { stdout } = await ends.a.run(command, { timeoutMs: seconds * 1000 + 60_000 });
    return parseBestRate(stdout);
  } finally {
    await receiver.stop('SIGKILL', 2000);
  }
}

/** Read the sender's JSON. @throws Error unless it has both numbers. */
export function parseBestRate(text: string): BestRate {
  const value: unknown = JSON.parse(text);
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const { receivedPerSecond, lossPercent } = Object.fromEntries(entries) as Record<string, unknown>;
  if (typeof receivedPerSecond !== 'number' || typeof lossPercent !== 'number') {
    throw new Error(`the generator said "${text.trim()}"`);
  }
  return { receivedPerSecond, lossPercent };
}
