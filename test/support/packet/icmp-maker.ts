/**
 * ICMP errors as routers, and those who only say that they are, send them about packets of ours.
 * @module
 */
import { writeU16, writeU32 } from '#core/base/bytes.ts';
import { buildIpPacket } from '#core/host/memory/ip-packet.ts';
import { addressFamily, parseIpAddress } from '#core/ip/address.ts';
import { checksumSum, foldChecksum, internetChecksum, ipv6PseudoHeaderSum } from '#core/ip/checksum.ts';
import { ipv6HeaderBytes } from '#core/ip/ipv6.ts';
import { IpProtocol } from '#core/ip/protocol.ts';

/** An error; everything may be wrong. */
export type MadeIcmp = {
  readonly type: number;
  readonly code?: number;
  /** Second word: the MTU of "too big". */
  readonly word?: number;
  /** The packet that is quoted, cut as wished. */
  readonly quote: Uint8Array;
};

/** The message from its type on; the checksum is right over IPv4, over IPv6 only in a whole packet. */
export function makeIcmp({ type, code = 0, word = 0, quote }: MadeIcmp, family: 4 | 6): Uint8Array {
  const message = new Uint8Array(8 + quote.length);
  message[0] = type;
  message[1] = code;
  writeU32(message, 4, word);
  message.set(quote, 8);
  if (family === 4) writeU16(message, 2, internetChecksum(message, 0, message.length));
  return message;
}

/** The whole packet. */
export function makeIcmpPacket(icmp: MadeIcmp, from: string, to: string): Uint8Array {
  const source = parseIpAddress(from);
  const family = addressFamily(source);
  const protocol = family === 4 ? IpProtocol.icmp : IpProtocol.icmpv6;
  const packet = buildIpPacket({ source, destination: parseIpAddress(to), protocol }, makeIcmp(icmp, family));
  if (family === 6) {
    const length = packet.length - ipv6HeaderBytes;
    const sum = checksumSum(packet, ipv6HeaderBytes, length, ipv6PseudoHeaderSum(packet, 0, protocol, length));
    writeU16(packet, ipv6HeaderBytes + 2, foldChecksum(sum));
  }
  return packet;
}
