/**
 * A TCP transfer between two namespaces, with the SHA-256 of what was sent and of what arrived.
 * @module
 */
import { fileURLToPath } from 'node:url';
import type { Namespace } from '#examples/two-gateways/netns/namespace.ts';
import { CommandFailed, type Command } from '#examples/two-gateways/netns/process.ts';

/** What a transfer came to. */
export type TransferResult = {
  /** Bytes that arrived. */
  readonly bytes: number;
  readonly seconds: number;
  readonly mbitPerSecond: number;
  readonly sha256Match: boolean;
};

const senderPath = fileURLToPath(new URL('transfer-sender.ts', import.meta.url));
const receiverPath = fileURLToPath(new URL('transfer-receiver.ts', import.meta.url));
const port = 7007;
const startPatienceMs = 10_000;
/** Slower than this is a failure. */
const slowestBytesPerSecond = 1_000_000;

/** Send `bytes` from one namespace to an address in another. */
export async function transfer(
  from: Namespace,
  to: Namespace,
  address: string,
  bytes: number,
): Promise<TransferResult> {
  const receive: Command = [process.execPath, receiverPath, address, String(port)];
  const receiver = to.start(receive);
  try {
    await receiver.waitFor('listening', startPatienceMs);
    const timeoutMs = 20_000 + (bytes / slowestBytesPerSecond) * 1000;
    const send: Command = [process.execPath, senderPath, address, String(port), String(bytes)];
    const sent = parseEnd((await from.run(send, { timeoutMs })).stdout);
    const output = await receiver.ended;
    if (output.status !== 0) throw new CommandFailed(receive, output);
    const got = parseEnd(output.stdout);
    const isWhole = got.bytes === bytes && sent.bytes === bytes;
    return { ...summarize(got), sha256Match: isWhole && got.sha256 === sent.sha256 };
  } finally {
    await receiver.stop('SIGKILL');
  }
}

function summarize({ bytes, seconds }: { bytes: number; seconds: number }): Omit<TransferResult, 'sha256Match'> {
  return { bytes, seconds, mbitPerSecond: (bytes * 8) / seconds / 1e6 };
}

/** Read the last line that an end of the transfer prints. */
function parseEnd(stdout: string): { bytes: number; sha256: string; seconds: number } {
  const line: unknown = JSON.parse(stdout.trim().split('\n').at(-1) ?? 'null');
  if (typeof line !== 'object' || line === null) throw new Error(`a transfer's end printed ${stdout}`);
  const { bytes, sha256, seconds } = { bytes: 0, sha256: '', seconds: 0, ...line };
  return { bytes, sha256, seconds };
}
