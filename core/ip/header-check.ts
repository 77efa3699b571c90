/**
 * Whether an IP header can be believed: the one check before the views of ipv4.ts and ipv6.ts may read.
 * Answers with a number, never an exception: packets come from strangers.
 *
 * Bytes behind the length that the header names are allowed: TFC padding (RFC 4303 §2.7) and link padding put them there.
 * @module
 */
import { internetChecksum } from './checksum.ts';
import { ipv4HeaderBytes, ipv4HeaderLength, ipv4TotalLength, ipVersion } from './ipv4.ts';
import { ipv6HeaderBytes, ipv6PayloadLength } from './ipv6.ts';

/** What `checkIpHeader` finds. */
export const HeaderCheck = {
  valid: 0,
  /** Fewer bytes than a header, or than the length that the header names. */
  short: 1,
  /** Neither 4 nor 6, or not the version asked for. */
  version: 2,
  /** An impossible IHL or total length (RFC 791 §3.1). */
  malformed: 3,
  /** The IPv4 header checksum is wrong (RFC 1122 §3.2.1.2). */
  checksum: 4,
} as const;

/** One of the values of `HeaderCheck`. */
export type HeaderCheckResult = (typeof HeaderCheck)[keyof typeof HeaderCheck];

/** Check the header at `offset` with `length` bytes from there on. `version` is 4 or 6, or 0 for whichever it says. */
export function checkIpHeader(
  bytes: Uint8Array,
  offset: number,
  length: number,
  version: 0 | 4 | 6,
): HeaderCheckResult {
  if (length < 1) return HeaderCheck.short;
  const found = ipVersion(bytes, offset);
  if (version !== 0 && found !== version) return HeaderCheck.version;
  if (found === 4) return checkIpv4Header(bytes, offset, length);
  if (found === 6) return checkIpv6Header(bytes, offset, length);
  return HeaderCheck.version;
}

/** Bytes of the packet at `offset` by its own header, which has been checked; what lies behind is padding. */
export function ipPacketLength(bytes: Uint8Array, offset: number): number {
  if (ipVersion(bytes, offset) === 4) return ipv4TotalLength(bytes, offset);
  return ipv6HeaderBytes + ipv6PayloadLength(bytes, offset);
}

function checkIpv4Header(bytes: Uint8Array, offset: number, length: number): HeaderCheckResult {
  if (length < ipv4HeaderBytes) return HeaderCheck.short;
  const headerLength = ipv4HeaderLength(bytes, offset);
  const totalLength = ipv4TotalLength(bytes, offset);
  if (headerLength < ipv4HeaderBytes || totalLength < headerLength) return HeaderCheck.malformed;
  if (totalLength > length) return HeaderCheck.short;
  return internetChecksum(bytes, offset, headerLength) === 0 ? HeaderCheck.valid : HeaderCheck.checksum;
}

function checkIpv6Header(bytes: Uint8Array, offset: number, length: number): HeaderCheckResult {
  if (length < ipv6HeaderBytes) return HeaderCheck.short;
  return ipv6HeaderBytes + ipv6PayloadLength(bytes, offset) > length ? HeaderCheck.short : HeaderCheck.valid;
}
