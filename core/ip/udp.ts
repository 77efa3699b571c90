/**
 * The UDP header (RFC 768): views, an emitter, and its checksum over IPv4 and IPv6.
 *
 *      0                   1                   2                   3
 *      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *     +-------------------------------+-------------------------------+
 *   0 |          source port          |       destination port        |
 *     +-------------------------------+-------------------------------+
 *   4 |            length             |           checksum            |
 *     +-------------------------------+-------------------------------+
 * @module
 */
import { readU16, writeU16 } from '#core/base/bytes.ts';
import { checksumSum, foldChecksum, ipv4PseudoHeaderSum, ipv6PseudoHeaderSum } from './checksum.ts';
import { ipVersion } from './ipv4.ts';
import { IpProtocol } from './protocol.ts';

/** Bytes of the header. */
export const udpHeaderBytes = 8;

/** What an emitted header says. Checksum 0 means none: allowed over IPv4 and asked for by RFC 3948 §2.1. */
export type UdpHeader = {
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Header and payload. */
  readonly length: number;
  readonly checksum: number;
};

/** Source port. */
export function udpSourcePort(bytes: Uint8Array, offset: number): number {
  return readU16(bytes, offset);
}

/** Destination port. */
export function udpDestinationPort(bytes: Uint8Array, offset: number): number {
  return readU16(bytes, offset + 2);
}

/** Length of header and payload. */
export function udpLength(bytes: Uint8Array, offset: number): number {
  return readU16(bytes, offset + 4);
}

/** Checksum as it stands; 0 for none. */
export function udpChecksum(bytes: Uint8Array, offset: number): number {
  return readU16(bytes, offset + 6);
}

/** Write a header: 8 bytes at `offset`, every one of them. */
export function emitUdpHeader(header: UdpHeader, out: Uint8Array, offset: number): void {
  writeU16(out, offset, header.sourcePort);
  writeU16(out, offset + 2, header.destinationPort);
  writeU16(out, offset + 4, header.length);
  writeU16(out, offset + 6, header.checksum);
}

/** Compute and write the checksum of the UDP datagram at `offset` under the IP header at `ipOffset`; a computed 0 is sent as 0xffff. */
export function writeUdpChecksum(bytes: Uint8Array, ipOffset: number, offset: number): void {
  writeU16(bytes, offset + 6, 0);
  writeU16(bytes, offset + 6, foldChecksum(datagramSum(bytes, ipOffset, offset)) || 0xffff);
}

/** Whether the checksum fits. Over IPv4 a checksum of 0 fits always (RFC 768); over IPv6 never (RFC 8200 §8.1). */
export function isUdpChecksumValid(bytes: Uint8Array, ipOffset: number, offset: number): boolean {
  if (udpChecksum(bytes, offset) === 0) return ipVersion(bytes, ipOffset) === 4;
  return foldChecksum(datagramSum(bytes, ipOffset, offset)) === 0;
}

function datagramSum(bytes: Uint8Array, ipOffset: number, offset: number): number {
  const length = udpLength(bytes, offset);
  const pseudoHeaderSum = ipVersion(bytes, ipOffset) === 4 ? ipv4PseudoHeaderSum : ipv6PseudoHeaderSum;
  return checksumSum(bytes, offset, length, pseudoHeaderSum(bytes, ipOffset, IpProtocol.udp, length));
}
