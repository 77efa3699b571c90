/**
 * Ethernet frames for the tests of the wire's judge, made by hand so that they do not share the judge's offsets.
 * @module
 */

/** The gateways' and hosts' addresses in these tests. */
export const testAddresses = {
  a4: [203, 0, 113, 1],
  b4: [203, 0, 113, 2],
  x4: [192, 168, 100, 2],
  y4: [192, 168, 200, 2],
} as const;

/** An Ethernet frame around a payload. */
export function ethernet(etherType: number, payload: readonly number[]): Buffer {
  return Buffer.from([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, etherType >> 8, etherType & 0xff, ...payload]);
}

/** An Ethernet frame with an IPv4 packet (RFC 791 §3.1). `totalBytes` may claim more than is there: a short snapshot. */
export function ipv4Frame(
  protocol: number,
  source: readonly number[],
  destination: readonly number[],
  payload: readonly number[],
  totalBytes = 20 + payload.length,
): Buffer {
  const header = [0x45, 0, totalBytes >> 8, totalBytes & 0xff, 0, 0, 0, 0, 64, protocol, 0, 0];
  return ethernet(0x0800, [...header, ...source, ...destination, ...payload]);
}

/** An Ethernet frame with an IPv6 packet (RFC 8200 §3) between addresses that end in the given bytes. */
export function ipv6Frame(nextHeader: number, from: number, to: number, payload: readonly number[]): Buffer {
  const header = [0x60, 0, 0, 0, payload.length >> 8, payload.length & 0xff, nextHeader, 64];
  return ethernet(0x86dd, [...header, ...ipv6Address(from), ...ipv6Address(to), ...payload]);
}

/** 2001:db8:113::N. */
export function ipv6Address(last: number): number[] {
  return [0x20, 0x01, 0x0d, 0xb8, 0x01, 0x13, 0, 0, 0, 0, 0, 0, 0, 0, 0, last];
}

/** An ESP packet (RFC 4303 §2) with `bodyBytes` of ciphertext. */
export function espPacket(spi: number, sequence: number, bodyBytes = 40): number[] {
  return [
    ...word(spi),
    ...word(sequence),
    ...Array.from({ length: bodyBytes }, (_, index) => (index * 37 + 11) & 0xff),
  ];
}

/** A UDP datagram (RFC 768). */
export function udpDatagram(sourcePort: number, destinationPort: number, payload: readonly number[]): number[] {
  const length = 8 + payload.length;
  return [...half(sourcePort), ...half(destinationPort), ...half(length), 0, 0, ...payload];
}

/** Two bytes, network order. */
export function half(value: number): number[] {
  return [(value >> 8) & 0xff, value & 0xff];
}

/** Four bytes, network order. */
export function word(value: number): number[] {
  return [value >>> 24, (value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff];
}
