/**
 * ICMP and ICMPv6 errors as somebody receives them (RFC 792, RFC 1191 §4, RFC 4443 §3), and the packet that each quotes.
 * The quote is cut short more often than not, and whoever sent the error may have made it up: nothing here says that it
 * is true.
 *
 * Not here: making errors (icmp.ts), checksums of IPv6, which need the header in front.
 * @module
 */
import { readU16, readU32 } from '#core/base/bytes.ts';
import { ipv4DestinationAt, ipv4FragmentOffset, ipv4HeaderBytes, ipv4HeaderLength } from './ipv4.ts';
import { ipv4Protocol, ipv4SourceAt, ipv4TotalLength, ipVersion } from './ipv4.ts';
import { ipv6DestinationAt, ipv6HeaderBytes, ipv6NextHeader, ipv6PayloadLength, ipv6SourceAt } from './ipv6.ts';
import { IpProtocol } from './protocol.ts';

/** What an error says, in words that both versions share. */
export const IcmpErrorKind = {
  /** No error: an echo, a neighbour discovery message … */
  none: 0,
  tooBig: 1,
  unreachable: 2,
  timeExceeded: 3,
  parameterProblem: 4,
  /** An error of another type: source quench (RFC 6633), redirect, one that nobody has assigned. */
  other: 5,
} as const;

/** Bytes of an error in front of its quote. */
export const icmpErrorHeaderBytes = 8;

/** One error; reused. */
export class IcmpError {
  /** An `IcmpErrorKind`. */
  kind: number = IcmpErrorKind.none;
  type = 0;
  code = 0;
  /** Of "too big": what it claims to be the next link's MTU; 0 from routers that are older than RFC 1191. */
  mtu = 0;

  /** Read the message at `at`. False when it is no error, or too short for one. */
  read(bytes: Uint8Array, at: number, length: number, family: number): boolean {
    this.kind = IcmpErrorKind.none;
    if (length < icmpErrorHeaderBytes) return false;
    this.type = bytes[at]!;
    this.code = bytes[at + 1]!;
    this.kind = family === 4 ? kindOfIpv4(this.type, this.code) : kindOfIpv6(this.type);
    this.mtu = family === 4 ? readU16(bytes, at + 6) : readU32(bytes, at + 4);
    return this.kind !== IcmpErrorKind.none;
  }
}

function kindOfIpv4(type: number, code: number): number {
  if (type === 3) return code === 4 ? IcmpErrorKind.tooBig : IcmpErrorKind.unreachable;
  if (type === 11) return IcmpErrorKind.timeExceeded;
  if (type === 12) return IcmpErrorKind.parameterProblem;
  return type === 4 || type === 5 ? IcmpErrorKind.other : IcmpErrorKind.none;
}

/** Types below 128 are errors (RFC 4443 §2.1). */
function kindOfIpv6(type: number): number {
  if (type === 1) return IcmpErrorKind.unreachable;
  if (type === 2) return IcmpErrorKind.tooBig;
  if (type === 3) return IcmpErrorKind.timeExceeded;
  if (type === 4) return IcmpErrorKind.parameterProblem;
  return type < 128 ? IcmpErrorKind.other : IcmpErrorKind.none;
}

/** The packet that an error quotes, as far as it is there; reused. Offsets are from the start of the array. */
export class IcmpQuote {
  source = 0;
  destination = 0;
  /** Length of the whole packet, as its header tells. */
  totalLength = 0;
  /** Protocol behind the header, and behind a fragment header. */
  protocol = 0;
  upper = 0;
  /** Bytes from `upper` on that are quoted. */
  upperLength = 0;
  /** The packet is a later piece of another, so its upper header is not here. */
  isLaterFragment = false;

  /** Read the quote at `at`. False when not even the IP header is there, or is of the other version. */
  read(bytes: Uint8Array, at: number, length: number, family: number): boolean {
    if (length < (family === 4 ? ipv4HeaderBytes : ipv6HeaderBytes) || ipVersion(bytes, at) !== family) return false;
    return family === 4 ? this.#readIpv4(bytes, at, length) : this.#readIpv6(bytes, at, length);
  }

  #readIpv4(bytes: Uint8Array, at: number, length: number): boolean {
    const headerLength = ipv4HeaderLength(bytes, at);
    if (headerLength < ipv4HeaderBytes || headerLength > length) return false;
    this.source = at + ipv4SourceAt;
    this.destination = at + ipv4DestinationAt;
    this.totalLength = ipv4TotalLength(bytes, at);
    this.protocol = ipv4Protocol(bytes, at);
    this.isLaterFragment = ipv4FragmentOffset(bytes, at) !== 0;
    this.upper = at + headerLength;
    this.upperLength = length - headerLength;
    return true;
  }

  #readIpv6(bytes: Uint8Array, at: number, length: number): boolean {
    this.source = at + ipv6SourceAt;
    this.destination = at + ipv6DestinationAt;
    this.totalLength = ipv6HeaderBytes + ipv6PayloadLength(bytes, at);
    this.protocol = ipv6NextHeader(bytes, at);
    this.isLaterFragment = false;
    this.upper = at + ipv6HeaderBytes;
    this.upperLength = length - ipv6HeaderBytes;
    if (this.protocol !== IpProtocol.ipv6Fragment || this.upperLength < fragmentHeaderBytes) return true;
    this.protocol = bytes[this.upper]!;
    this.isLaterFragment = (readU16(bytes, this.upper + 2) & 0xfff8) !== 0;
    this.upper += fragmentHeaderBytes;
    this.upperLength -= fragmentHeaderBytes;
    return true;
  }
}

/** RFC 8200 §4.5. */
const fragmentHeaderBytes = 8;

/** What links carry, by size: the next smaller one is what a router without a number meant (RFC 1191 §7.1). */
const plateaus = [65535, 32000, 17914, 8166, 4352, 2002, 1492, 1006, 508, 296, 68] as const;

/** The likely MTU when a router refused a packet of this length and did not say why. */
export function plateauBelow(length: number): number {
  return plateaus.find((plateau) => plateau < length) ?? 68;
}
