/**
 * The IPv4 header (RFC 791 §3.1): views and an emitter. Views read without checking; ask `checkIpHeader` first.
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     +-------+-------+---------------+-------------------------------+
 *   0 |version|  IHL  | TOS: DSCP|ECN |         total length          |
 *     +-------+-------+---------------+-----+-------------------------+
 *   4 |        identification         |0|D|M|     fragment offset     |
 *     +---------------+---------------+-----+-------------------------+
 *   8 |      TTL      |   protocol    |        header checksum        |
 *     +---------------+---------------+-------------------------------+
 *  12 |                        source address                         |
 *     +---------------------------------------------------------------+
 *  16 |                     destination address                       |
 *     +---------------------------------------------------------------+
 *
 * Not here: options. They are carried through inner packets and never written.
 * @module
 */
import { readU16, writeU16 } from '#core/base/bytes.ts';
import { internetChecksum } from './checksum.ts';

/** Bytes of a header without options. */
export const ipv4HeaderBytes = 20;
/** Where the header checksum lies. */
export const ipv4ChecksumAt = 10;
/** Where the source address lies. */
export const ipv4SourceAt = 12;
/** Where the destination address lies. */
export const ipv4DestinationAt = 16;

/** DF in the word of flags and fragment offset. */
const dontFragmentBit = 0x4000;
/** MF in the same word. */
const moreFragmentsBit = 0x2000;

/** What an emitted header says. Addresses are 4 bytes or more; the first four count. */
export type Ipv4Header = {
  readonly tos: number;
  readonly totalLength: number;
  readonly identification: number;
  readonly hasDontFragment: boolean;
  readonly timeToLive: number;
  readonly protocol: number;
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
};

/** Version of the IP header at `offset`: 4, 6 or anything a stranger wrote. */
export function ipVersion(bytes: Uint8Array, offset: number): number {
  return bytes[offset]! >>> 4;
}

/** Header length in bytes, options included: 0 … 60. */
export function ipv4HeaderLength(bytes: Uint8Array, offset: number): number {
  return (bytes[offset]! & 0x0f) * 4;
}

/** DSCP and ECN, 8 bits. */
export function ipv4Tos(bytes: Uint8Array, offset: number): number {
  return bytes[offset + 1]!;
}

/** Total length in bytes, header included. */
export function ipv4TotalLength(bytes: Uint8Array, offset: number): number {
  return readU16(bytes, offset + 2);
}

/** Identification. */
export function ipv4Identification(bytes: Uint8Array, offset: number): number {
  return readU16(bytes, offset + 4);
}

/** DF. */
export function hasDontFragment(bytes: Uint8Array, offset: number): boolean {
  return (readU16(bytes, offset + 6) & dontFragmentBit) !== 0;
}

/** MF. */
export function hasMoreFragments(bytes: Uint8Array, offset: number): boolean {
  return (readU16(bytes, offset + 6) & moreFragmentsBit) !== 0;
}

/** Fragment offset in bytes. */
export function ipv4FragmentOffset(bytes: Uint8Array, offset: number): number {
  return (readU16(bytes, offset + 6) & 0x1fff) * 8;
}

/** Whether the packet is a fragment: MF set or an offset above 0. */
export function isIpv4Fragment(bytes: Uint8Array, offset: number): boolean {
  return (readU16(bytes, offset + 6) & (moreFragmentsBit | 0x1fff)) !== 0;
}

/** Time to live. */
export function ipv4TimeToLive(bytes: Uint8Array, offset: number): number {
  return bytes[offset + 8]!;
}

/** Protocol behind the header. */
export function ipv4Protocol(bytes: Uint8Array, offset: number): number {
  return bytes[offset + 9]!;
}

/** Header checksum as it stands. */
export function ipv4Checksum(bytes: Uint8Array, offset: number): number {
  return readU16(bytes, offset + ipv4ChecksumAt);
}

/** Write a header without options, checksum included: 20 bytes at `offset`, every one of them. */
export function emitIpv4Header(header: Ipv4Header, out: Uint8Array, offset: number): void {
  out[offset] = 0x45;
  out[offset + 1] = header.tos;
  writeU16(out, offset + 2, header.totalLength);
  writeU16(out, offset + 4, header.identification);
  writeU16(out, offset + 6, header.hasDontFragment ? dontFragmentBit : 0);
  out[offset + 8] = header.timeToLive;
  out[offset + 9] = header.protocol;
  for (let index = 0; index < 4; index++) {
    out[offset + ipv4SourceAt + index] = header.source[index]!;
    out[offset + ipv4DestinationAt + index] = header.destination[index]!;
  }
  writeIpv4Checksum(out, offset);
}

/** Compute the header checksum anew and write it. */
export function writeIpv4Checksum(bytes: Uint8Array, offset: number): void {
  writeU16(bytes, offset + ipv4ChecksumAt, 0);
  writeU16(bytes, offset + ipv4ChecksumAt, internetChecksum(bytes, offset, ipv4HeaderLength(bytes, offset)));
}
