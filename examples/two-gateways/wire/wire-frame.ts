/**
 * Judges one Ethernet frame seen between the gateways: ESP (RFC 4303), ESP in UDP (RFC 3948), the wire's own
 * housekeeping (ARP, neighbour discovery, group membership, NAT keepalives), or plaintext.
 *
 * It is strict: what is none of the first three is plaintext, and so is ESP under an SPI that nobody set up, ESP
 * between other addresses than the gateways', and any packet in which the two hosts' addresses stand side by side.
 * Not here: decryption.
 * @module
 */

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

const ethernetBytes = 14;
const udpHeaderBytes = 8;
const espHeaderBytes = 8;
const Protocol = { hopByHop: 0, icmp: 1, igmp: 2, udp: 17, esp: 50, icmp6: 58 } as const;
/** MLD (RFC 2710, RFC 3810), router and neighbour discovery (RFC 4861). */
const housekeepingIcmp6 = new Set([130, 131, 132, 133, 134, 135, 136, 137, 143]);

type IpPacket = {
  readonly protocol: number;
  readonly source: Buffer;
  readonly destination: Buffer;
  /** Where the upper protocol starts, and its length on the wire. */
  readonly start: number;
  readonly length: number;
};

/** Judge a frame, of which at least the first 128 bytes (or all) are needed. */
export function judgeFrame(frame: Buffer, expectation: WireExpectation): FrameVerdict {
  for (const pair of expectation.innerPairs) {
    if (frame.indexOf(pair) >= 0) return plaintext('inner addresses in the clear');
  }
  if (frame.length < ethernetBytes) return plaintext('a frame without a header');
  const etherType = frame.readUInt16BE(12);
  if (etherType === 0x0806) return { kind: 'housekeeping' };
  const packet = etherType === 0x0800 ? parseIpv4(frame) : etherType === 0x86dd ? parseIpv6(frame) : null;
  if (packet === null) return plaintext(`EtherType 0x${etherType.toString(16)} or a broken header`);
  return judgePacket(frame, packet, expectation);
}

function judgePacket(frame: Buffer, packet: IpPacket, expectation: WireExpectation): FrameVerdict {
  const { protocol, start, length } = packet;
  if (protocol === Protocol.igmp) return { kind: 'housekeeping' };
  if (protocol === Protocol.icmp6 && housekeepingIcmp6.has(frame[start] ?? 0)) return { kind: 'housekeeping' };
  if (!isBetweenGateways(packet, expectation)) return plaintext(`IP protocol ${protocol} of another host`);
  if (protocol === Protocol.esp && expectation.udpPort === null) return judgeEsp(frame, start, length, expectation);
  if (protocol === Protocol.udp && expectation.udpPort !== null) return judgeUdp(frame, packet, expectation);
  return plaintext(`IP protocol ${protocol}`);
}

function judgeUdp(frame: Buffer, packet: IpPacket, expectation: WireExpectation): FrameVerdict {
  if (frame.length < packet.start + udpHeaderBytes) return plaintext('a UDP header cut short');
  const ports = [frame.readUInt16BE(packet.start), frame.readUInt16BE(packet.start + 2)];
  if (ports.some((port) => port !== expectation.udpPort)) return plaintext(`UDP ports ${ports.join(' to ')}`);
  const start = packet.start + udpHeaderBytes;
  const length = packet.length - udpHeaderBytes;
  if (length === 1 && frame[start] === 0xff) return { kind: 'housekeeping' };
  return judgeEsp(frame, start, length, expectation);
}

function judgeEsp(frame: Buffer, start: number, length: number, expectation: WireExpectation): FrameVerdict {
  if (frame.length < start + espHeaderBytes) return plaintext('an ESP header cut short');
  const spi = frame.readUInt32BE(start);
  if (!expectation.spis.has(spi)) return plaintext(`ESP under the unknown SPI 0x${spi.toString(16)}`);
  return { kind: 'esp', spi, sequence: frame.readUInt32BE(start + 4), payloadBytes: length };
}

function parseIpv4(frame: Buffer): IpPacket | null {
  const at = ethernetBytes;
  const headerBytes = ((frame[at] ?? 0) & 0x0f) * 4;
  if (frame.length < at + 20 || (frame[at] ?? 0) >> 4 !== 4 || headerBytes < 20) return null;
  const isLaterFragment = (frame.readUInt16BE(at + 6) & 0x1fff) !== 0;
  if (isLaterFragment) return null;
  return {
    protocol: frame.readUInt8(at + 9),
    source: frame.subarray(at + 12, at + 16),
    destination: frame.subarray(at + 16, at + 20),
    start: at + headerBytes,
    length: frame.readUInt16BE(at + 2) - headerBytes,
  };
}

function parseIpv6(frame: Buffer): IpPacket | null {
  const at = ethernetBytes;
  if (frame.length < at + 40 || (frame[at] ?? 0) >> 4 !== 6) return null;
  const source = frame.subarray(at + 8, at + 24);
  const destination = frame.subarray(at + 24, at + 40);
  const start = at + 40;
  const length = frame.readUInt16BE(at + 4);
  const protocol = frame.readUInt8(at + 6);
  // MLD comes behind a hop-by-hop header (RFC 2710 §3); ESP and its UDP never do here.
  if (protocol !== Protocol.hopByHop || frame.length < start + 8)
    return { protocol, source, destination, start, length };
  const skipped = 8 + frame.readUInt8(start + 1) * 8;
  const next = frame.readUInt8(start);
  return { protocol: next, source, destination, start: start + skipped, length: length - skipped };
}

function isBetweenGateways(packet: IpPacket, { outer: [one, other] }: WireExpectation): boolean {
  const { source, destination } = packet;
  return (source.equals(one) && destination.equals(other)) || (source.equals(other) && destination.equals(one));
}

function plaintext(what: string): FrameVerdict {
  return { kind: 'plaintext', what };
}
