/**
 * Fragmentation and reassembly for the hosts of the in-process network (RFC 791 §3.2, RFC 8200 §4.5): ESP packets may be
 * larger than a link. A packet that misses a part for 30 seconds is forgotten.
 * @module
 */
import { readU16, readU32, toHex, writeU16, writeU32 } from '#core/base/bytes.ts';
import { emitIpv4Fragment, fragmentPayloadBytes } from '#core/ip/ipv4-fragment.ts';
import {
  hasMoreFragments,
  ipv4FragmentOffset,
  ipv4HeaderLength,
  ipv4Identification,
  ipv4TotalLength,
  ipVersion,
  isIpv4Fragment,
} from '#core/ip/ipv4.ts';
import { writeIpv4Checksum } from '#core/ip/ipv4.ts';
import { ipv6HeaderBytes, ipv6NextHeader, ipv6PayloadLength } from '#core/ip/ipv6.ts';
import { IpProtocol } from '#core/ip/protocol.ts';

/** Of the IPv6 fragment header. */
const fragmentHeaderBytes = 8;
const patienceMs = 30_000;
/** Packets that may be incomplete at a time. */
const maxPartial = 64;

/** The packet in pieces of at most `mtu` bytes. */
export function fragmentIpv4(packet: Uint8Array, mtu: number): Uint8Array[] {
  const headerLength = ipv4HeaderLength(packet, 0);
  const payloadLength = packet.length - headerLength;
  const step = fragmentPayloadBytes(headerLength, mtu);
  const pieces: Uint8Array[] = [];
  for (let start = 0; start < payloadLength; start += step) {
    const piece = new Uint8Array(mtu);
    const end = Math.min(payloadLength, start + step);
    pieces.push(piece.subarray(0, emitIpv4Fragment(packet, 0, start, end, piece, 0)));
  }
  return pieces;
}

/** The packet, which has no extension headers, in pieces of at most `mtu` bytes. Only its sender may do that. */
export function fragmentIpv6(packet: Uint8Array, mtu: number, identification: number): Uint8Array[] {
  const payload = packet.subarray(ipv6HeaderBytes);
  const step = (mtu - ipv6HeaderBytes - fragmentHeaderBytes) & ~7;
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < payload.length; at += step) {
    const part = payload.subarray(at, at + step);
    const piece = new Uint8Array(ipv6HeaderBytes + fragmentHeaderBytes + part.length);
    piece.set(packet.subarray(0, ipv6HeaderBytes));
    piece[6] = IpProtocol.ipv6Fragment;
    writeU16(piece, 4, fragmentHeaderBytes + part.length);
    piece[ipv6HeaderBytes] = ipv6NextHeader(packet, 0);
    writeU16(piece, ipv6HeaderBytes + 2, at | (at + step < payload.length ? 1 : 0));
    writeU32(piece, ipv6HeaderBytes + 4, identification);
    piece.set(part, ipv6HeaderBytes + fragmentHeaderBytes);
    pieces.push(piece);
  }
  return pieces;
}

/** Whether a packet whose header has been checked is a part of another. */
export function isFragment(packet: Uint8Array): boolean {
  if (ipVersion(packet, 0) === 4) return isIpv4Fragment(packet, 0);
  return ipv6NextHeader(packet, 0) === IpProtocol.ipv6Fragment && ipv6PayloadLength(packet, 0) >= fragmentHeaderBytes;
}

type Fragment = {
  /** Equal for the parts of one packet. */
  readonly key: string;
  /** The whole packet's header, lengths and checksum still to come. */
  readonly header: Uint8Array;
  readonly offset: number;
  readonly hasMore: boolean;
  readonly bytes: Uint8Array;
};

type Partial = {
  readonly parts: { readonly offset: number; readonly bytes: Uint8Array }[];
  total: number;
  header: Uint8Array | null;
  readonly sinceMs: number;
};

/** Puts fragments together. */
export class Reassembler {
  readonly #partial = new Map<string, Partial>();

  /** Take a fragment; returns the whole packet when this was the last missing part, null before. */
  take(packet: Uint8Array, now: number): Uint8Array | null {
    for (const [key, entry] of this.#partial) if (now - entry.sinceMs > patienceMs) this.#partial.delete(key);
    const { key, header, offset, hasMore, bytes } = ipVersion(packet, 0) === 4 ? readIpv4(packet) : readIpv6(packet);
    const entry = this.#partial.get(key) ?? { parts: [], total: -1, header: null, sinceMs: now };
    if (!this.#partial.has(key) && this.#partial.size >= maxPartial) return null;
    this.#partial.set(key, entry);
    entry.parts.push({ offset, bytes });
    if (offset === 0) entry.header = header;
    if (!hasMore) entry.total = offset + bytes.length;
    const whole = assemble(entry);
    if (whole !== null) this.#partial.delete(key);
    return whole;
  }
}

function readIpv4(packet: Uint8Array): Fragment {
  const headerLength = ipv4HeaderLength(packet, 0);
  return {
    key: `${toHex(packet.subarray(12, 20))} ${packet[9]} ${ipv4Identification(packet, 0)}`,
    header: packet.slice(0, headerLength),
    offset: ipv4FragmentOffset(packet, 0),
    hasMore: hasMoreFragments(packet, 0),
    bytes: packet.subarray(headerLength, ipv4TotalLength(packet, 0)),
  };
}

function readIpv6(packet: Uint8Array): Fragment {
  const header = packet.slice(0, ipv6HeaderBytes);
  header[6] = packet[ipv6HeaderBytes]!;
  const word = readU16(packet, ipv6HeaderBytes + 2);
  return {
    key: `${toHex(packet.subarray(8, 40))} ${readU32(packet, ipv6HeaderBytes + 4)}`,
    header,
    offset: word & 0xfff8,
    hasMore: (word & 1) !== 0,
    bytes: packet.subarray(ipv6HeaderBytes + fragmentHeaderBytes, ipv6HeaderBytes + ipv6PayloadLength(packet, 0)),
  };
}

function assemble({ parts, total, header }: Partial): Uint8Array | null {
  if (total < 0 || header === null) return null;
  parts.sort((left, right) => left.offset - right.offset);
  const packet = new Uint8Array(header.length + total);
  let filled = 0;
  for (const { offset, bytes } of parts) {
    if (offset > filled || offset + bytes.length > total) return null;
    packet.set(bytes, header.length + offset);
    filled = Math.max(filled, offset + bytes.length);
  }
  if (filled < total || packet.length > 65535) return null;
  packet.set(header);
  if (ipVersion(header, 0) === 6) {
    writeU16(packet, 4, total);
    return packet;
  }
  writeU16(packet, 2, packet.length);
  writeU16(packet, 6, 0);
  writeIpv4Checksum(packet, 0);
  return packet;
}
