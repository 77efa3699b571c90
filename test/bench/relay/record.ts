/**
 * What the limit relay puts on the wire: super-packets as they came from the TUN device, each behind a record header.
 * A record longer than a datagram is cut into equal datagrams by UDP_SEGMENT and comes out of UDP_GRO in one piece.
 *
 *   0      2            6                             16
 *   +------+------------+-----------------------------+----------------+
 *   | zero | IP length  | virtio-net header, 10 bytes | IP packet …    |
 *   +------+------------+-----------------------------+----------------+
 *
 * The virtio-net header stands right before the packet, as the TUN device takes it: writing needs no copy.
 * @module
 */
import { readU32, writeU32 } from '#core/base/bytes.ts';
import { TunReadRow } from '#core/datapath/ports.ts';

/** Bytes in front of each packet. */
export const recordHeaderBytes = 16;
/** Where the virtio-net header is in the record: with the packet, what a TUN device is given. */
export const vnetHeaderOffset = 6;
/** Bytes of each datagram but the last: the wire's MTU of 1500 less IPv4 and UDP headers. */
export const datagramBytes = 1472;

const lengthOffset = 2;

/** Write the header of a packet that `readTun` described in `rows[0]`. */
export function writeRecordHeader(arena: Uint8Array, offset: number, rows: Int32Array): void {
  const vnet = offset + vnetHeaderOffset;
  arena.fill(0, offset, offset + recordHeaderBytes);
  writeU32(arena, offset + lengthOffset, rows[TunReadRow.length]!);
  arena[vnet] = rows[TunReadRow.needsChecksum]!;
  arena[vnet + 1] = rows[TunReadRow.gsoType]!;
  writeHostU16(arena, vnet + 4, rows[TunReadRow.gsoSize]!);
  writeHostU16(arena, vnet + 6, rows[TunReadRow.csumStart]!);
  writeHostU16(arena, vnet + 8, rows[TunReadRow.csumOffset]!);
}

/** Bytes of the record at `offset`, its header included; -1 when `end` comes before its end, as after a loss. */
export function recordBytes(arena: Uint8Array, offset: number, end: number): number {
  if (end - offset < recordHeaderBytes) return -1;
  const bytes = recordHeaderBytes + readU32(arena, offset + lengthOffset);
  return bytes <= end - offset ? bytes : -1;
}

/** The virtio-net header is in host order, which is little-endian wherever this runs. */
function writeHostU16(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value;
  bytes[offset + 1] = value >> 8;
}
