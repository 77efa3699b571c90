/**
 * Whole IP packets for the in-process network: made from an address pair and a payload, and taken apart again.
 * @module
 */
import { addressBytes, addressFamily, formatAddress, type IpAddress } from '#core/ip/address.ts';
import { checksumSum, foldChecksum, internetChecksum, ipv6PseudoHeaderSum } from '#core/ip/checksum.ts';
import { emitIpv4Header, ipv4DestinationAt, ipv4HeaderBytes, ipv4SourceAt, ipVersion } from '#core/ip/ipv4.ts';
import { emitIpv6Header, ipv6DestinationAt, ipv6HeaderBytes, ipv6SourceAt } from '#core/ip/ipv6.ts';
import { IpProtocol } from '#core/ip/protocol.ts';
import { emitUdpHeader, udpHeaderBytes, writeUdpChecksum } from '#core/ip/udp.ts';
import { writeU16 } from '#core/base/bytes.ts';

/** What the header says beside lengths and checksums. */
export type IpFields = {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly protocol: number;
  readonly tos?: number;
  readonly timeToLive?: number;
  readonly hasDontFragment?: boolean;
  readonly identification?: number;
};

/** A UDP datagram to send. */
export type Datagram = {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly payload: Uint8Array;
  readonly tos?: number;
  readonly timeToLive?: number;
  readonly hasDontFragment?: boolean;
  /** Over IPv4: send checksum 0 (RFC 3948 §2.1). */
  readonly hasNoChecksum?: boolean;
  readonly identification?: number;
};

/** An ICMP echo message. */
export type Echo = {
  readonly isReply: boolean;
  readonly identifier: number;
  readonly sequence: number;
  readonly payload: Uint8Array;
};

const icmpHeaderBytes = 8;
const defaultTimeToLive = 64;

/** An IP packet around `payload`; the version follows from the addresses. */
export function buildIpPacket(fields: IpFields, payload: Uint8Array): Uint8Array {
  const { protocol, tos = 0, timeToLive = defaultTimeToLive, hasDontFragment = false, identification = 0 } = fields;
  const source = addressBytes(fields.source);
  const destination = addressBytes(fields.destination);
  const headerBytes = addressFamily(fields.source) === 4 ? ipv4HeaderBytes : ipv6HeaderBytes;
  const packet = new Uint8Array(headerBytes + payload.length);
  packet.set(payload, headerBytes);
  if (headerBytes === ipv4HeaderBytes) {
    const totalLength = packet.length;
    const header = { tos, totalLength, identification, hasDontFragment, timeToLive, protocol, source, destination };
    emitIpv4Header(header, packet, 0);
  } else {
    const rest = { nextHeader: protocol, hopLimit: timeToLive, source, destination };
    emitIpv6Header({ trafficClass: tos, flowLabel: 0, payloadLength: payload.length, ...rest }, packet, 0);
  }
  return packet;
}

/** A UDP datagram in an IP packet. */
export function buildUdpPacket(datagram: Datagram): Uint8Array {
  const { sourcePort, destinationPort, payload, hasNoChecksum = false, ...addressing } = datagram;
  const body = new Uint8Array(udpHeaderBytes + payload.length);
  emitUdpHeader({ sourcePort, destinationPort, length: body.length, checksum: 0 }, body, 0);
  body.set(payload, udpHeaderBytes);
  const packet = buildIpPacket({ ...addressing, protocol: IpProtocol.udp }, body);
  const isIpv4 = ipVersion(packet, 0) === 4;
  if (!(isIpv4 && hasNoChecksum)) writeUdpChecksum(packet, 0, isIpv4 ? ipv4HeaderBytes : ipv6HeaderBytes);
  return packet;
}

/** An ICMP (RFC 792) or ICMPv6 (RFC 4443 §4) echo message in an IP packet. */
export function buildEchoPacket(fields: Omit<IpFields, 'protocol'>, echo: Echo): Uint8Array {
  const isIpv4 = addressFamily(fields.source) === 4;
  const body = new Uint8Array(icmpHeaderBytes + echo.payload.length);
  body[0] = isIpv4 ? (echo.isReply ? 0 : 8) : echo.isReply ? 129 : 128;
  writeU16(body, 4, echo.identifier);
  writeU16(body, 6, echo.sequence);
  body.set(echo.payload, icmpHeaderBytes);
  if (isIpv4) {
    writeU16(body, 2, internetChecksum(body, 0, body.length));
    return buildIpPacket({ ...fields, protocol: IpProtocol.icmp }, body);
  }
  const packet = buildIpPacket({ ...fields, protocol: IpProtocol.icmpv6 }, body);
  const pseudoHeader = ipv6PseudoHeaderSum(packet, 0, IpProtocol.icmpv6, body.length);
  writeU16(packet, ipv6HeaderBytes + 2, foldChecksum(checksumSum(body, 0, body.length, pseudoHeader)));
  return packet;
}

/** Source of a packet whose header has been checked. */
export function packetSource(packet: Uint8Array): IpAddress {
  const isIpv4 = ipVersion(packet, 0) === 4;
  return formatAddress(packet, isIpv4 ? ipv4SourceAt : ipv6SourceAt, isIpv4 ? 4 : 6);
}

/** Destination of a packet whose header has been checked. */
export function packetDestination(packet: Uint8Array): IpAddress {
  const isIpv4 = ipVersion(packet, 0) === 4;
  return formatAddress(packet, isIpv4 ? ipv4DestinationAt : ipv6DestinationAt, isIpv4 ? 4 : 6);
}
