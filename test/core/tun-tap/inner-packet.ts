/**
 * IPv4 packets with TCP and UDP as a peer behind a TUN device would send them, and their checksums.
 * @module
 */
import { writeU16, writeU32 } from '#core/base/bytes.ts';
import { internetChecksum, ipv4PseudoHeaderSum } from '#core/ip/checksum.ts';

/** The host's address on the device, and the peer's that the tests play. */
export const hostAddress = [10, 9, 0, 1] as const;
export const peerAddress = [10, 9, 0, 2] as const;

const tcp = 6;
const udp = 17;

/** A TCP segment from the peer to the host. */
export function tcpSegment(
  header: { readonly ports: readonly [from: number, to: number]; readonly flags: number; readonly id: number },
  sequence: number,
  acknowledgement: number,
  payload: Uint8Array,
): Uint8Array {
  const packet = ipv4(tcp, header.id, 20 + payload.length);
  writeU16(packet, 20, header.ports[0]);
  writeU16(packet, 22, header.ports[1]);
  writeU32(packet, 24, sequence);
  writeU32(packet, 28, acknowledgement);
  packet[32] = 5 << 4;
  packet[33] = header.flags;
  writeU16(packet, 34, 65_535);
  packet.set(payload, 40);
  return withChecksum(packet, 36, tcp);
}

/** A UDP datagram from the peer to the host. */
export function udpDatagram(ports: readonly [from: number, to: number], id: number, payload: Uint8Array): Uint8Array {
  const packet = ipv4(udp, id, 8 + payload.length);
  writeU16(packet, 20, ports[0]);
  writeU16(packet, 22, ports[1]);
  writeU16(packet, 24, 8 + payload.length);
  packet.set(payload, 28);
  return withChecksum(packet, 26, udp);
}

/** Whether IPv4 header and TCP or UDP checksum are right. */
export function hasGoodChecksums(packet: Uint8Array): boolean {
  const upper = packet.length - 20;
  const pseudo = ipv4PseudoHeaderSum(packet, 0, packet[9]!, upper);
  return internetChecksum(packet, 0, 20) === 0 && internetChecksum(packet, 20, upper, pseudo) === 0;
}

function ipv4(protocol: number, id: number, upperLength: number): Uint8Array {
  const packet = new Uint8Array(20 + upperLength);
  packet.set([0x45, 0]);
  writeU16(packet, 2, packet.length);
  writeU16(packet, 4, id);
  packet.set([0x40, 0, 64, protocol, 0, 0, ...peerAddress, ...hostAddress], 6);
  writeU16(packet, 10, internetChecksum(packet, 0, 20));
  return packet;
}

function withChecksum(packet: Uint8Array, at: number, protocol: number): Uint8Array {
  const upper = packet.length - 20;
  writeU16(packet, at, internetChecksum(packet, 20, upper, ipv4PseudoHeaderSum(packet, 0, protocol, upper)));
  return packet;
}
