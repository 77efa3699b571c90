/**
 * The Internet checksum (RFC 1071), its incremental update (RFC 1624), and the pseudo-headers of UDP, TCP and ICMPv6.
 *
 * A *sum* here is a partial one's-complement sum that has not been folded: sums add up, and `foldChecksum` ends them.
 * @module
 */
import { readU16, writeU16 } from '#core/base/bytes.ts';

/** Sum of `length` bytes at `offset`, added to `initial`; an odd last byte counts as if a zero followed. */
export function checksumSum(bytes: Uint8Array, offset: number, length: number, initial = 0): number {
  const even = offset + (length & ~1);
  let sum = initial;
  for (let index = offset; index < even; index += 2) sum += (bytes[index]! << 8) | bytes[index + 1]!;
  return length & 1 ? sum + (bytes[even]! << 8) : sum;
}

/** The checksum of a sum: carries folded in, then complemented; 16 bits. */
export function foldChecksum(sum: number): number {
  // Sums of headers fit integers, and take no division.
  let folded = sum;
  while (folded >= 0x80000000) folded = (folded % 0x10000) + Math.floor(folded / 0x10000);
  while (folded > 0xffff) folded = (folded & 0xffff) + (folded >>> 16);
  return folded ^ 0xffff;
}

/** Checksum of `length` bytes at `offset`. 0 when they hold a correct checksum already. */
export function internetChecksum(bytes: Uint8Array, offset: number, length: number, initial = 0): number {
  return foldChecksum(checksumSum(bytes, offset, length, initial));
}

/** The checksum after one 16-bit word under it changed (RFC 1624 §3, equation 3). */
export function updateChecksum(checksum: number, oldWord: number, newWord: number): number {
  return foldChecksum((checksum ^ 0xffff) + (oldWord ^ 0xffff) + newWord);
}

/** Sum of the pseudo-header (RFC 768, RFC 9293 §3.1) for the IPv4 header at `offset` and `upperLength` bytes behind it. */
export function ipv4PseudoHeaderSum(bytes: Uint8Array, offset: number, protocol: number, upperLength: number): number {
  return checksumSum(bytes, offset + 12, 8) + protocol + upperLength;
}

/** Sum of the pseudo-header (RFC 8200 §8.1) for the IPv6 header at `offset` and `upperLength` bytes of upper layer. */
export function ipv6PseudoHeaderSum(bytes: Uint8Array, offset: number, protocol: number, upperLength: number): number {
  return checksumSum(bytes, offset + 8, 32) + protocol + Math.floor(upperLength / 0x10000) + (upperLength & 0xffff);
}

/** `csumOffset` of UDP, whose checksum 0 would mean "none" and is sent as 0xffff (RFC 768). */
const udpChecksumOffset = 6;

/** No transport header lies nearer to a packet's start than behind the smallest IP header (RFC 791 §3.1). */
const smallestCsumStart = 20;

/**
 * Complete a partial checksum (virtio-net NEEDS_CSUM): the field at `csumStart + csumOffset` holds the pseudo-header's
 * folded sum; put the checksum of `csumStart … length` there. Offsets count from the packet's start at `offset`.
 * Returns false, and changes nothing, when the field does not lie in the packet behind an IP header, or is not aligned.
 */
export function completePartialChecksum(
  bytes: Uint8Array,
  offset: number,
  length: number,
  csumStart: number,
  csumOffset: number,
): boolean {
  if (csumStart < smallestCsumStart || csumOffset < 0 || (csumOffset & 1) !== 0) return false;
  if (csumStart + csumOffset + 2 > length) return false;
  const checksum = internetChecksum(bytes, offset + csumStart, length - csumStart);
  const isUdpZero = checksum === 0 && csumOffset === udpChecksumOffset;
  writeU16(bytes, offset + csumStart + csumOffset, isUdpZero ? 0xffff : checksum);
  return true;
}

/** Change one 16-bit word and the checksum that covers it. */
export function replaceWord(bytes: Uint8Array, wordAt: number, newWord: number, checksumAt: number): void {
  const oldWord = readU16(bytes, wordAt);
  if (oldWord === newWord) return;
  writeU16(bytes, checksumAt, updateChecksum(readU16(bytes, checksumAt), oldWord, newWord));
  writeU16(bytes, wordAt, newWord);
}
