/**
 * The datagrams of the packet generator: 64 bytes of payload, numbered by trial. A question about a trial, asked until
 * it is answered, carries the answer back the same way.
 *
 *   0       4        8              12
 *   +-------+--------+--------------+------------------
 *   | kind  | trial  | answer: how  | filling, up to 64
 *   |       |        | many arrived |
 *   +-------+--------+--------------+------------------
 * @module
 */
import { readU32, writeU32 } from '#core/base/bytes.ts';

/** Payload of every datagram. */
export const datagramBytes = 64;
/** UDP port of the receiver. */
export const receiverPort = 5300;
/** What a datagram is. */
export const DatagramKind = { load: 1, question: 2, answer: 3 } as const;

/** Write one datagram. */
export function writeDatagram(arena: Uint8Array, offset: number, kind: number, trial: number, received = 0): void {
  arena.fill(0x55, offset, offset + datagramBytes);
  writeU32(arena, offset, kind);
  writeU32(arena, offset + 4, trial);
  writeU32(arena, offset + 8, received);
}

/** `DatagramKind` of a datagram. */
export function readKind(arena: Uint8Array, offset: number): number {
  return readU32(arena, offset);
}

/** Trial of a datagram. */
export function readTrial(arena: Uint8Array, offset: number): number {
  return readU32(arena, offset + 4);
}

/** How many datagrams of a trial had arrived, from an answer. */
export function readReceived(arena: Uint8Array, offset: number): number {
  return readU32(arena, offset + 8);
}
