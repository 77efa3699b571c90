/**
 * Which packets of an opened run the datapath may decide on at once: those that have verified and whose plaintexts differ
 * in nothing that a decision looks at. The same in Rust: core/tun-tap/src/transform/alike.rs.
 *
 * Alike are plaintexts of one length with the same padding and next header (RFC 4303 §2.4 to §2.6), whose inner headers
 * are the same but for an IPv4 packet's identification and checksum, which must be good (RFC 791 §3.1). IPv4 options make
 * a packet unlike any other, and so does a next header that is not IP.
 * @module
 */
import { internetChecksum } from '#core/ip/checksum.ts';
import { ipv4HeaderBytes } from '#core/ip/ipv4.ts';
import { ipv6HeaderBytes } from '#core/ip/ipv6.ts';
import { IpProtocol } from '#core/ip/protocol.ts';
import { trailerBytes } from './suite-shape.ts';
import { OpenRow } from './transform.ts';

/** Version 4, five words of header: no options. */
const plainIpv4 = 0x45;

/** How many packets of an opened run of `count`, from the first on, are alike; 0 when the first did not verify. */
export function countAlike(arena: Uint8Array, run: Int32Array, count: number): number {
  const length = run[OpenRow.outLength]!;
  if (length < 0) return 0;
  const first = plaintextOf(arena, run, 0);
  const compare = comparison(first);
  let alike = 1;
  while (compare !== null && alike < count && run[alike * OpenRow.stride + OpenRow.outLength] === length) {
    if (!compare(plaintextOf(arena, run, alike))) break;
    alike++;
  }
  return alike;
}

function plaintextOf(arena: Uint8Array, run: Int32Array, index: number): Uint8Array {
  const at = index * OpenRow.stride;
  const offset = run[at + OpenRow.outOffset]!;
  return arena.subarray(offset, offset + run[at + OpenRow.outLength]!);
}

/** What compares another plaintext with the first; null where none can be like it. */
function comparison(first: Uint8Array): ((other: Uint8Array) => boolean) | null {
  const end = first.length;
  const trailer = trailerBytes + first[end - 2]!;
  const next = first[end - 1]!;
  const hasTrailer = (other: Uint8Array): boolean => isSame(first, other, end - trailer, end);
  if (next === IpProtocol.ipv4 && end >= ipv4HeaderBytes + trailer && first[0] === plainIpv4) {
    return (other) => hasTrailer(other) && hasSameIpv4Header(first, other);
  }
  if (next === IpProtocol.ipv6 && end >= ipv6HeaderBytes + trailer) {
    return (other) => hasTrailer(other) && isSame(first, other, 0, ipv6HeaderBytes);
  }
  return null;
}

/** But for identification (4 and 5) and checksum (10 and 11). */
function hasSameIpv4Header(first: Uint8Array, other: Uint8Array): boolean {
  const isAlike =
    isSame(first, other, 0, 4) && isSame(first, other, 6, 10) && isSame(first, other, 12, ipv4HeaderBytes);
  return isAlike && internetChecksum(other, 0, ipv4HeaderBytes) === 0;
}

function isSame(first: Uint8Array, other: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (first[at] !== other[at]) return false;
  return true;
}
