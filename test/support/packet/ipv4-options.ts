/**
 * IPv4 packets with options (RFC 791 §3.1), which the builders of the in-process network do not make.
 * @module
 */
import { writeU16 } from '#core/base/bytes.ts';
import { ipv4HeaderBytes, writeIpv4Checksum } from '#core/ip/ipv4.ts';

/** Record Route with room for one address, its pointer at that, and the end of the list. */
export const recordRoute = Uint8Array.of(7, 7, 4, 0, 0, 0, 0, 0);

/** The packet, which has no options, with these; their length is a multiple of four. */
export function withIpv4Options(packet: Uint8Array, options: Uint8Array): Uint8Array {
  const header = packet.subarray(0, ipv4HeaderBytes);
  const longer = Uint8Array.of(...header, ...options, ...packet.subarray(ipv4HeaderBytes));
  longer[0] = 0x40 | ((ipv4HeaderBytes + options.length) / 4);
  writeU16(longer, 2, longer.length);
  writeIpv4Checksum(longer, 0);
  return longer;
}
