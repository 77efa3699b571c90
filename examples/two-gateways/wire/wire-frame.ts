/**
 * Judges one Ethernet frame seen between the gateways: ESP (RFC 4303), ESP in UDP (RFC 3948), the wire's own
 * housekeeping (ARP, neighbour discovery, group membership, NAT keepalives), or plaintext.
 *
 * It is strict: what is none of the first three is plaintext, and so is ESP under an SPI that nobody set up, ESP
 * between other addresses than the gateways', and any packet in which the two hosts' addresses stand side by side.
 * Not here: where the IP packet and its upper layer lie (core/capture), and decryption.
 * @module
 */
import { equalBytes, readU16 } from '#core/base/bytes.ts';
import { findIpPacket, LinkType } from '#core/capture/link-layer.ts';
import { OuterPacket } from '#core/capture/outer-packet.ts';
import { packetSequence, packetSpi } from '#core/esp/packet.ts';
import { HeaderCheck } from '#core/ip/header-check.ts';
import { IpProtocol } from '#core/ip/protocol.ts';
import { udpDestinationPort, udpHeaderBytes, udpSourcePort } from '#core/ip/udp.ts';

/** What one frame is. */
export type FrameVerdict =
  | { readonly kind: 'esp'; readonly spi: number; readonly sequence: number; readonly payloadBytes: number }
  | { readonly kind: 'housekeeping' }
  | { readonly kind: 'plaintext'; readonly what: string };

/** What may be on the wire. */
export type WireExpectation = {
  /** The gateways' outer addresses, in bytes. */
  readonly outer: readonly [Uint8Array, Uint8Array];
  /** The UDP port of encapsulated ESP, or null for plain ESP. */
  readonly udpPort: number | null;
  /** Every SPI that was set up. */
  readonly spis: ReadonlySet<number>;
  /** Pairs of inner addresses, source and destination, as they would stand in an inner header. */
  readonly innerPairs: readonly Uint8Array[];
};

const etherTypeAt = 12;
const etherTypeArp = 0x0806;
const espHeaderBytes = 8;
const igmp = 2;
const hopByHop = 0;
/** MLD (RFC 2710, RFC 3810), router and neighbour discovery (RFC 4861). */
const housekeepingIcmp6 = new Set([130, 131, 132, 133, 134, 135, 136, 137, 143]);

/** Judge an Ethernet frame, of which at least the first 128 bytes (or all) are needed. */
export function judgeFrame(frame: Uint8Array, expectation: WireExpectation): FrameVerdict {
  const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.length);
  for (const pair of expectation.innerPairs) {
    if (bytes.indexOf(pair) >= 0) return plaintext('inner addresses in the clear');
  }
  if (frame.length < etherTypeAt + 2) return plaintext('a frame without a header');
  const etherType = readU16(frame, etherTypeAt);
  if (etherType === etherTypeArp) return { kind: 'housekeeping' };
  const found = findIpPacket(LinkType.ethernet, frame);
  if (found === null) return plaintext(`EtherType 0x${etherType.toString(16)}`);
  const packet = new OuterPacket();
  packet.read(frame, found.offset, frame.length - found.offset, found.family);
  // A capture keeps the beginning of a packet only, and a network card may compute the checksum later.
  const isBroken = packet.check === HeaderCheck.malformed || !packet.isReadable || packet.isLaterFragment;
  return isBroken ? plaintext('a broken header or a later fragment') : judgePacket(frame, packet, expectation);
}

function judgePacket(frame: Uint8Array, packet: OuterPacket, expectation: WireExpectation): FrameVerdict {
  const { protocol, payloadAt, payloadLength } = packet;
  if (protocol === igmp) return { kind: 'housekeeping' };
  if (housekeepingIcmp6.has(icmp6Type(frame, packet))) return { kind: 'housekeeping' };
  if (!isBetweenGateways(frame, packet, expectation)) return plaintext(`IP protocol ${protocol} of another host`);
  const isPlainEsp = protocol === IpProtocol.esp && expectation.udpPort === null;
  if (isPlainEsp) return judgeEsp(frame, payloadAt, payloadLength, expectation);
  if (protocol === IpProtocol.udp && expectation.udpPort !== null) return judgeUdp(frame, packet, expectation);
  return plaintext(`IP protocol ${protocol}`);
}

/**
 * The type of an ICMPv6 message, or 0 for what is none. MLD comes behind a hop-by-hop header (RFC 2710 §3), and a report
 * may be longer than what a capture keeps, in which case the packet's reader does not look behind it.
 */
function icmp6Type(frame: Uint8Array, { family, protocol, payloadAt }: OuterPacket): number {
  if (family !== 6) return 0;
  if (protocol === IpProtocol.icmpv6) return frame[payloadAt] ?? 0;
  const isBehindOptions = protocol === hopByHop && frame[payloadAt] === IpProtocol.icmpv6;
  return isBehindOptions ? (frame[payloadAt + 8 + (frame[payloadAt + 1] ?? 0) * 8] ?? 0) : 0;
}

function judgeUdp(frame: Uint8Array, packet: OuterPacket, expectation: WireExpectation): FrameVerdict {
  const { payloadAt, payloadLength } = packet;
  if (frame.length < payloadAt + udpHeaderBytes) return plaintext('a UDP header cut short');
  const ports = [udpSourcePort(frame, payloadAt), udpDestinationPort(frame, payloadAt)];
  if (ports.some((port) => port !== expectation.udpPort)) return plaintext(`UDP ports ${ports.join(' to ')}`);
  const start = payloadAt + udpHeaderBytes;
  const length = payloadLength - udpHeaderBytes;
  if (length === 1 && frame[start] === 0xff) return { kind: 'housekeeping' };
  return judgeEsp(frame, start, length, expectation);
}

function judgeEsp(frame: Uint8Array, start: number, length: number, expectation: WireExpectation): FrameVerdict {
  if (frame.length < start + espHeaderBytes) return plaintext('an ESP header cut short');
  const spi = packetSpi(frame, start);
  if (!expectation.spis.has(spi)) return plaintext(`ESP under the unknown SPI 0x${spi.toString(16)}`);
  return { kind: 'esp', spi, sequence: packetSequence(frame, start), payloadBytes: length };
}

function isBetweenGateways(
  frame: Uint8Array,
  { sourceAt, destinationAt, family }: OuterPacket,
  { outer: [one, other] }: WireExpectation,
): boolean {
  const addressBytes = family === 4 ? 4 : 16;
  const source = frame.subarray(sourceAt, sourceAt + addressBytes);
  const destination = frame.subarray(destinationAt, destinationAt + addressBytes);
  return (
    (equalBytes(source, one) && equalBytes(destination, other)) ||
    (equalBytes(source, other) && equalBytes(destination, one))
  );
}

function plaintext(what: string): FrameVerdict {
  return { kind: 'plaintext', what };
}
