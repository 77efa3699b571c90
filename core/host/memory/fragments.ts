/**
 * IPv4 fragmentation and reassembly for the hosts of the in-process network (RFC 791 §3.2, RFC 815): ESP packets leave
 * without DF and may be larger than a link. A packet that misses a part for 30 seconds is forgotten.
 *
 * Not here: IPv6, whose hosts here send only what fits.
 * @module
 */
import { writeU16 } from '#core/base/bytes.ts';
import {
  hasMoreFragments,
  ipv4FragmentOffset,
  ipv4HeaderLength,
  ipv4Identification,
  ipv4TotalLength,
} from '#core/ip/ipv4.ts';
import { writeIpv4Checksum } from '#core/ip/ipv4.ts';
import { toHex } from '#core/base/bytes.ts';

const moreFragmentsBit = 0x2000;
const patienceMs = 30_000;
/** Packets that may be incomplete at a time. */
const maxPartial = 64;

/** The packet in pieces of at most `mtu` bytes. */
export function fragmentIpv4(packet: Uint8Array, mtu: number): Uint8Array[] {
  const headerLength = ipv4HeaderLength(packet, 0);
  const firstOffset = ipv4FragmentOffset(packet, 0);
  const wasFragment = hasMoreFragments(packet, 0);
  const payload = packet.subarray(headerLength);
  const step = (mtu - headerLength) & ~7;
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < payload.length; at += step) {
    const part = payload.subarray(at, at + step);
    const piece = new Uint8Array(headerLength + part.length);
    piece.set(packet.subarray(0, headerLength));
    piece.set(part, headerLength);
    const isLast = at + step >= payload.length && !wasFragment;
    writeU16(piece, 2, piece.length);
    writeU16(piece, 6, ((firstOffset + at) >>> 3) | (isLast ? 0 : moreFragmentsBit));
    writeIpv4Checksum(piece, 0);
    pieces.push(piece);
  }
  return pieces;
}

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
  take(fragment: Uint8Array, now: number): Uint8Array | null {
    for (const [key, entry] of this.#partial) if (now - entry.sinceMs > patienceMs) this.#partial.delete(key);
    const key = `${toHex(fragment.subarray(12, 20))} ${fragment[9]} ${ipv4Identification(fragment, 0)}`;
    const entry = this.#partial.get(key) ?? { parts: [], total: -1, header: null, sinceMs: now };
    if (!this.#partial.has(key) && this.#partial.size >= maxPartial) return null;
    this.#partial.set(key, entry);
    const headerLength = ipv4HeaderLength(fragment, 0);
    const offset = ipv4FragmentOffset(fragment, 0);
    const bytes = fragment.subarray(headerLength, ipv4TotalLength(fragment, 0));
    entry.parts.push({ offset, bytes });
    if (offset === 0) entry.header = fragment.subarray(0, headerLength);
    if (!hasMoreFragments(fragment, 0)) entry.total = offset + bytes.length;
    const whole = assemble(entry);
    if (whole !== null) this.#partial.delete(key);
    return whole;
  }
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
  writeU16(packet, 2, packet.length);
  writeU16(packet, 6, 0);
  writeIpv4Checksum(packet, 0);
  return packet;
}
