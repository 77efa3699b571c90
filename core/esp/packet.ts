/**
 * The ESP packet (RFC 4303 §2): where things lie, and views of what is not encrypted.
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     +---------------------------------------------------------------+ ---
 *   0 |                 security parameters index (SPI)               |  ^
 *     +---------------------------------------------------------------+  |
 *   4 |              sequence number, low 32 bits of ESN              |  | ICV
 *     +---------------------------------------------------------------+  | covers
 *   8 |                        IV (0, 8 or 16)                        |  |
 *     +---------------------------------------------------------------+  | ---
 *     |                 inner packet, then TFC padding                |  |  ^
 *     |                                                               |  |  | encrypted,
 *     |               +-----------------------------------------------+  |  | whole blocks
 *     |               |     padding (0 … 255): 1, 2, 3, …             |  |  |
 *     |               |               +---------------+---------------+  |  |
 *     |               |               |  pad length   |  next header  |  v  v
 *     +---------------+---------------+---------------+---------------+ ---
 *     |                       ICV (0, 12 … 32)                        |
 *     +---------------------------------------------------------------+
 *
 * Not here: sealing and opening, which engines do (core/crypto/transform.ts); the trailer is in padding.ts.
 * @module
 */
import { readU32 } from '#core/base/bytes.ts';
import { espHeaderBytes, trailerBytes, type SuiteShape } from '#core/crypto/suite-shape.ts';

/** Where the SPI lies. */
const spiAt = 0;
/** Where the low word of the sequence number lies. */
const sequenceAt = 4;
/** Where IV, or ciphertext where the suite has none, begins. */
export const ivAt = espHeaderBytes;

/** SPI of the packet at `offset`. */
export function packetSpi(bytes: Uint8Array, offset: number): number {
  return readU32(bytes, offset + spiAt);
}

/** Sequence number of the packet at `offset`; with ESN its low 32 bits. */
export function packetSequence(bytes: Uint8Array, offset: number): number {
  return readU32(bytes, offset + sequenceAt);
}

/** The fewest bytes from SPI to ICV that a packet of this suite can have. */
export function shortestPacket(shape: SuiteShape): number {
  return espHeaderBytes + shape.ivBytes + trailerBytes + shape.icvBytes;
}
