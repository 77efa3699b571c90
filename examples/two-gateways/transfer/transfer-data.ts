/**
 * The bytes of the demo's TCP transfer: a block of random bytes, repeated with a running number in front, so that a
 * lost, doubled or swapped block changes the digest. Cheap to make, and not compressible within a block.
 * @module
 */
import { randomBytes } from 'node:crypto';

/** Bytes of one block. */
export const blockBytes = 256 * 1024;

/** The blocks of a transfer of `totalBytes`, each in memory of its own: a socket may still hold the ones before. */
export function* makeBlocks(totalBytes: number): Generator<Buffer> {
  const pattern = randomBytes(blockBytes);
  for (let sent = 0, number = 0; sent < totalBytes; sent += blockBytes, number++) {
    const block = Buffer.allocUnsafeSlow(Math.min(blockBytes, totalBytes - sent));
    pattern.copy(block);
    if (block.length >= 4) block.writeUInt32BE(number, 0);
    yield block;
  }
}
