/**
 * What ESP adds to a packet, and so the largest inner packet that an outer MTU carries.
 *
 *   outer = H + (8 with UDP encapsulation) + 8 + IV + ceil((inner + 2) / block) · block + ICV
 *
 * H is 20 for IPv4 and 40 for IPv6 (RFC 4303 §2, RFC 3948 §2.1). Outer options and extension headers: none are sent.
 * @module
 */
import { ciphertextBytes, espHeaderBytes, trailerBytes, type SuiteShape } from '#core/crypto/suite-shape.ts';
import { ipv4HeaderBytes } from '#core/ip/ipv4.ts';
import { ipv6HeaderBytes } from '#core/ip/ipv6.ts';
import { udpHeaderBytes } from '#core/ip/udp.ts';

/** How ESP packets travel. */
export type Encapsulation = { readonly outerFamily: 4 | 6; readonly hasUdp: boolean };

/** Bytes from SPI to ICV for an inner packet. */
export function espPacketBytes(innerLength: number, shape: SuiteShape): number {
  return espHeaderBytes + shape.ivBytes + ciphertextBytes(innerLength, shape.blockBytes) + shape.icvBytes;
}

/** Bytes of the outer packet for an inner packet. */
export function outerPacketBytes(innerLength: number, shape: SuiteShape, encapsulation: Encapsulation): number {
  return outerHeaderBytes(encapsulation) + espPacketBytes(innerLength, shape);
}

/** Bytes in front of the ESP header: IP, and UDP where there is one. */
export function outerHeaderBytes(encapsulation: Encapsulation): number {
  const ip = encapsulation.outerFamily === 4 ? ipv4HeaderBytes : ipv6HeaderBytes;
  return ip + (encapsulation.hasUdp ? udpHeaderBytes : 0);
}

/** The largest inner packet whose outer packet fits `outerMtu`; 0 when not even an empty one does. */
export function largestInnerPacket(outerMtu: number, shape: SuiteShape, encapsulation: Encapsulation): number {
  const room = outerMtu - outerHeaderBytes(encapsulation) - espHeaderBytes - shape.ivBytes - shape.icvBytes;
  return Math.max(0, Math.floor(room / shape.blockBytes) * shape.blockBytes - trailerBytes);
}
