/**
 * The IPv6 header (RFC 8200 §3): views and an emitter. Views read without checking; ask `checkIpHeader` first.
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     +-------+---------------+---------------------------------------+
 *   0 |version| traffic class |              flow label               |
 *     +-------+---------------+-------+---------------+---------------+
 *   4 |        payload length         |  next header  |   hop limit   |
 *     +-------------------------------+---------------+---------------+
 *   8 |                        source address (16)                    |
 *  24 |                     destination address (16)                  |
 *     +---------------------------------------------------------------+
 *
 * Not here: extension headers. They are carried through inner packets and never written.
 * @module
 */
import { readU16, writeU16 } from '#core/base/bytes.ts';

/** Bytes of the fixed header. */
export const ipv6HeaderBytes = 40;
/** Where the source address lies. */
export const ipv6SourceAt = 8;
/** Where the destination address lies. */
export const ipv6DestinationAt = 24;
/** Smallest link MTU that IPv6 runs over (RFC 8200 §5). */
export const ipv6MinimumMtu = 1280;

/** What an emitted header says. Addresses are 16 bytes. */
export type Ipv6Header = {
  readonly trafficClass: number;
  readonly flowLabel: number;
  readonly payloadLength: number;
  readonly nextHeader: number;
  readonly hopLimit: number;
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
};

/** DSCP and ECN, 8 bits. */
export function ipv6TrafficClass(bytes: Uint8Array, offset: number): number {
  return ((bytes[offset]! & 0x0f) << 4) | (bytes[offset + 1]! >>> 4);
}

/** Flow label, 20 bits. */
export function ipv6FlowLabel(bytes: Uint8Array, offset: number): number {
  return ((bytes[offset + 1]! & 0x0f) << 16) | readU16(bytes, offset + 2);
}

/** Bytes behind the fixed header. */
export function ipv6PayloadLength(bytes: Uint8Array, offset: number): number {
  return readU16(bytes, offset + 4);
}

/** Protocol or extension header that follows. */
export function ipv6NextHeader(bytes: Uint8Array, offset: number): number {
  return bytes[offset + 6]!;
}

/** Hop limit. */
export function ipv6HopLimit(bytes: Uint8Array, offset: number): number {
  return bytes[offset + 7]!;
}

/** Change DSCP and ECN and leave version and flow label. */
export function writeIpv6TrafficClass(bytes: Uint8Array, offset: number, trafficClass: number): void {
  bytes[offset] = (bytes[offset]! & 0xf0) | (trafficClass >>> 4);
  bytes[offset + 1] = ((trafficClass & 0x0f) << 4) | (bytes[offset + 1]! & 0x0f);
}

/** Write a header: 40 bytes at `offset`, every one of them. */
export function emitIpv6Header(header: Ipv6Header, out: Uint8Array, offset: number): void {
  out[offset] = 0x60 | (header.trafficClass >>> 4);
  out[offset + 1] = ((header.trafficClass & 0x0f) << 4) | ((header.flowLabel >>> 16) & 0x0f);
  writeU16(out, offset + 2, header.flowLabel);
  writeU16(out, offset + 4, header.payloadLength);
  out[offset + 6] = header.nextHeader;
  out[offset + 7] = header.hopLimit;
  for (let index = 0; index < 16; index++) {
    out[offset + ipv6SourceAt + index] = header.source[index]!;
    out[offset + ipv6DestinationAt + index] = header.destination[index]!;
  }
}
