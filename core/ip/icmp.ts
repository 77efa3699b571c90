/**
 * The ICMP errors that a tunnel sends to an inner sender: that a packet is too big, as IPv4 "fragmentation needed and DF
 * set" (RFC 792, RFC 1191 §4) and ICMPv6 "packet too big" (RFC 4443 §3.2), and that a destination is unreachable
 * (RFC 792, RFC 4443 §3.1). Each builder makes a whole IP packet.
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     +---------------+---------------+-------------------------------+
 *   0 |     type      |     code      |           checksum            |
 *     +---------------+---------------+-------------------------------+
 *   4 |   too big: next-hop MTU; else zero                            |
 *     +---------------------------------------------------------------+
 *   8 |   as much of the packet as fits                               |
 *     +---------------------------------------------------------------+
 *
 * Not here: rate limits; the caller keeps them (RFC 4443 §2.4 f).
 * @module
 */
import { writeU16, writeU32 } from '#core/base/bytes.ts';
import { checksumSum, foldChecksum, internetChecksum, ipv6PseudoHeaderSum } from './checksum.ts';
import { icmpErrorHeaderBytes } from './icmp-error.ts';
import { emitIpv4Header, ipv4DestinationAt, ipv4FragmentOffset, ipv4HeaderBytes } from './ipv4.ts';
import { ipv4HeaderLength, ipv4Protocol, ipv4SourceAt } from './ipv4.ts';
import { emitIpv6Header, ipv6HeaderBytes, ipv6MinimumMtu, ipv6NextHeader, ipv6SourceAt } from './ipv6.ts';
import { IpProtocol } from './protocol.ts';

/** An IPv4 ICMP error is at most this long (RFC 1812 §4.3.2.3). */
const icmpErrorLimitBytes = 576;

/** A packet that is refused, and who says so. */
export type RefusedPacket = {
  readonly bytes: Uint8Array;
  /** Where its IP header starts; it has been checked. */
  readonly offset: number;
  readonly length: number;
  /** Address of the router, 4 bytes for IPv4 and 16 for IPv6. */
  readonly source: Uint8Array;
};

/** A packet that was too big. `mtu` is the largest that fits. */
export type TooBig = RefusedPacket & { readonly mtu: number };

/** What an IPv6 packet carries behind its extension headers. */
export type UpperLayer = { readonly protocol: number; readonly upperOffset: number };

/** Why a destination cannot be reached; the same number means something else in either version. */
export type UnreachableCause = 'prohibited' | 'address';

/** Codes of "destination unreachable": RFC 1812 §5.2.7.1 and RFC 792, RFC 4443 §3.1. */
const unreachableCodes = {
  /** Communication administratively prohibited. */
  prohibited: { 4: 13, 6: 1 },
  /** Host, or address, unreachable. */
  address: { 4: 1, 6: 3 },
} as const satisfies Record<UnreachableCause, Record<4 | 6, number>>;

/** Time to live and hop limit of the errors. */
const errorHopLimit = 64;

/** Write an IPv4 "fragmentation needed" packet at `offset`; returns its length, at most 576 bytes. */
export function emitFragmentationNeeded(tooBig: TooBig, out: Uint8Array, offset: number): number {
  return emitIpv4Error(tooBig, 0x0304, tooBig.mtu, out, offset);
}

/** Write an ICMPv6 "packet too big" packet at `offset`; returns its length, at most 1280 bytes. */
export function emitPacketTooBig(tooBig: TooBig, out: Uint8Array, offset: number): number {
  return emitIpv6Error(tooBig, 0x0200, tooBig.mtu, out, offset);
}

/** Write a "destination unreachable" packet of the refused packet's IP version at `offset`; returns its length. */
export function emitUnreachable(
  refused: RefusedPacket,
  cause: UnreachableCause,
  family: 4 | 6,
  out: Uint8Array,
  offset: number,
): number {
  const code = unreachableCodes[cause][family];
  if (family === 4) return emitIpv4Error(refused, 0x0300 | code, 0, out, offset);
  return emitIpv6Error(refused, 0x0100 | code, 0, out, offset);
}

/** `typeAndCode` and the second word as they stand in the message. */
function emitIpv4Error(
  refused: RefusedPacket,
  typeAndCode: number,
  word: number,
  out: Uint8Array,
  offset: number,
): number {
  const quoted = Math.min(refused.length, icmpErrorLimitBytes - ipv4HeaderBytes - icmpErrorHeaderBytes);
  const totalLength = ipv4HeaderBytes + icmpErrorHeaderBytes + quoted;
  const sender = refused.offset + ipv4SourceAt;
  const header = {
    tos: 0,
    totalLength,
    identification: 0,
    hasDontFragment: true,
    timeToLive: errorHopLimit,
    protocol: IpProtocol.icmp,
    source: refused.source,
    destination: refused.bytes.subarray(sender, sender + 4),
  };
  emitIpv4Header(header, out, offset);
  const icmp = offset + ipv4HeaderBytes;
  emitBody(refused, typeAndCode, word, quoted, out, icmp);
  writeU16(out, icmp + 2, internetChecksum(out, icmp, icmpErrorHeaderBytes + quoted));
  return totalLength;
}

function emitIpv6Error(
  refused: RefusedPacket,
  typeAndCode: number,
  word: number,
  out: Uint8Array,
  offset: number,
): number {
  const quoted = Math.min(refused.length, ipv6MinimumMtu - ipv6HeaderBytes - icmpErrorHeaderBytes);
  const payloadLength = icmpErrorHeaderBytes + quoted;
  const sender = refused.offset + ipv6SourceAt;
  const header = {
    trafficClass: 0,
    flowLabel: 0,
    payloadLength,
    nextHeader: IpProtocol.icmpv6,
    hopLimit: errorHopLimit,
    source: refused.source,
    destination: refused.bytes.subarray(sender, sender + 16),
  };
  emitIpv6Header(header, out, offset);
  const icmp = offset + ipv6HeaderBytes;
  emitBody(refused, typeAndCode, word, quoted, out, icmp);
  const pseudoHeader = ipv6PseudoHeaderSum(out, offset, IpProtocol.icmpv6, payloadLength);
  writeU16(out, icmp + 2, foldChecksum(checksumSum(out, icmp, payloadLength, pseudoHeader)));
  return ipv6HeaderBytes + payloadLength;
}

/** The message, with checksum 0. */
function emitBody(
  { bytes, offset }: RefusedPacket,
  typeAndCode: number,
  word: number,
  quoted: number,
  out: Uint8Array,
  icmp: number,
): void {
  writeU16(out, icmp, typeAndCode);
  writeU16(out, icmp + 2, 0);
  writeU32(out, icmp + 4, word);
  out.set(bytes.subarray(offset, offset + quoted), icmp + icmpErrorHeaderBytes);
}

/**
 * Whether an IPv4 packet may be answered with an ICMP error (RFC 1122 §3.2.2, RFC 1812 §4.3.2.7): not an ICMP error
 * itself, not a later fragment, not to or from a group, not from nowhere.
 */
export function mayAnswerIpv4(bytes: Uint8Array, offset: number, length: number): boolean {
  if (ipv4FragmentOffset(bytes, offset) !== 0) return false;
  const sourceFirst = bytes[offset + ipv4SourceAt]!;
  // 0/8 and 127/8 name no host that could hear us; 224/3 is multicast, reserved or broadcast.
  if (sourceFirst === 0 || sourceFirst === 127 || sourceFirst >= 224) return false;
  if (bytes[offset + ipv4DestinationAt]! >= 224) return false;
  if (ipv4Protocol(bytes, offset) !== IpProtocol.icmp) return true;
  const headerLength = ipv4HeaderLength(bytes, offset);
  return headerLength < length && icmpQueryTypes.has(bytes[offset + headerLength]!);
}

/**
 * Whether an IPv6 packet may be answered with "packet too big" (RFC 4443 §2.4 e): not an ICMPv6 error or redirect,
 * not from a group or from nowhere. A group as destination is no hindrance for this one error. `upper` says what the
 * packet carries, and where from its start; left out, that there are no extension headers in front.
 */
export function mayAnswerIpv6(
  bytes: Uint8Array,
  offset: number,
  length: number,
  upper: UpperLayer = { protocol: ipv6NextHeader(bytes, offset), upperOffset: ipv6HeaderBytes },
): boolean {
  const source = offset + ipv6SourceAt;
  if (bytes[source] === 0xff || isZero(bytes, source, 16)) return false;
  if (upper.protocol !== IpProtocol.icmpv6) return true;
  if (length <= upper.upperOffset) return false;
  const type = bytes[offset + upper.upperOffset]!;
  return type >= 128 && type !== icmpv6Redirect;
}

/** Echo, timestamp, information and mask requests and replies (RFC 792, RFC 950); every other type counts as an error. */
const icmpQueryTypes: ReadonlySet<number> = new Set([0, 8, 9, 10, 13, 14, 15, 16, 17, 18]);
/** RFC 4861 §4.5. */
const icmpv6Redirect = 137;

function isZero(bytes: Uint8Array, offset: number, length: number): boolean {
  for (let index = offset; index < offset + length; index++) if (bytes[index] !== 0) return false;
  return true;
}
