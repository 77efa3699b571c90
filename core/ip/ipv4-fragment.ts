/**
 * Cutting an IPv4 packet into fragments (RFC 791 §3.2): offsets in units of eight bytes, options copied into the later
 * fragments where their type says so (§3.1), and header checksums of their own. A fragment may be cut again.
 *
 * Not here: reassembly, which the receiving host does.
 * @module
 */
import { readU16, writeU16 } from '#core/base/bytes.ts';
import { ipv4HeaderBytes, ipv4HeaderLength, ipv4TotalLength, writeIpv4Checksum } from './ipv4.ts';

/** Where flags and fragment offset lie. */
const fragmentWordAt = 6;
const moreFragmentsBit = 0x2000;
const offsetMask = 0x1fff;
/** The copied flag of an option's type (RFC 791 §3.1). */
const copiedFlag = 0x80;
const option = { endOfList: 0, noOperation: 1 } as const;

/** What every IPv4 link carries, and so the smallest MTU to cut for (RFC 791 §3.2). */
export const smallestFragmentMtu = 68;

/** Payload bytes of every fragment but the last, for a header of `headerLength` bytes and an MTU of 68 or more. */
export function fragmentPayloadBytes(headerLength: number, mtu: number): number {
  return (mtu - headerLength) & ~7;
}

/**
 * Write the fragment of the packet at `at` that carries its payload from `start` to `end`; `start`, and `end` unless it
 * is the payload's, are multiples of 8. The packet's header has been checked. Returns the fragment's length.
 */
export function emitIpv4Fragment(
  bytes: Uint8Array,
  at: number,
  start: number,
  end: number,
  out: Uint8Array,
  outAt: number,
): number {
  const headerLength = ipv4HeaderLength(bytes, at);
  const isLast = end === ipv4TotalLength(bytes, at) - headerLength;
  out.set(bytes.subarray(at, at + headerLength), outAt);
  const outHeaderLength = start === 0 ? headerLength : keepCopiedOptions(out, outAt, headerLength);
  const length = outHeaderLength + end - start;
  out.set(bytes.subarray(at + headerLength + start, at + headerLength + end), outAt + outHeaderLength);
  const word = readU16(bytes, at + fragmentWordAt);
  const more = isLast ? word & moreFragmentsBit : moreFragmentsBit;
  const offset = (word & offsetMask) + (start >>> 3);
  writeU16(out, outAt + fragmentWordAt, (word & ~(moreFragmentsBit | offsetMask)) | more | offset);
  writeU16(out, outAt + 2, length);
  writeIpv4Checksum(out, outAt);
  return length;
}

/** Leave only the options that belong into every fragment; returns the new length of the header. */
function keepCopiedOptions(out: Uint8Array, outAt: number, headerLength: number): number {
  let kept = ipv4HeaderBytes;
  let read = ipv4HeaderBytes;
  while (read < headerLength) {
    const type = out[outAt + read]!;
    if (type === option.endOfList) break;
    const length = type === option.noOperation ? 1 : (out[outAt + read + 1] ?? 0);
    if (length === 0 || read + length > headerLength) break;
    if ((type & copiedFlag) !== 0) {
      out.copyWithin(outAt + kept, outAt + read, outAt + read + length);
      kept += length;
    }
    read += length;
  }
  const length = Math.ceil(kept / 4) * 4;
  out.fill(option.endOfList, outAt + kept, outAt + length);
  out[outAt] = 0x40 | (length / 4);
  return length;
}
