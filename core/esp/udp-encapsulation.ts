/**
 * ESP and IKE on one UDP port (RFC 3948): what a payload on port 4500 is.
 *
 *     IKE         | 00 00 00 00 | IKE message …      (non-ESP marker, §2.2)
 *     ESP         | SPI, not 0  | sequence number …  (§2.1)
 *     keepalive   | ff |                             (§2.3)
 * @module
 */
import { readU32 } from '#core/base/bytes.ts';

/** UDP port of IKE and ESP where there may be a NAT (RFC 3948 §2, RFC 7296 §2.23). */
export const natTPort = 4500;

/** The one byte of a keepalive (RFC 3948 §2.3). */
export const keepaliveByte = 0xff;
/** Four zero bytes in front of an IKE message, where an SPI would stand (RFC 3948 §2.2). */
const nonEspMarkerBytes = 4;

/** What a UDP payload is. */
export const UdpPayload = {
  esp: 0,
  /** To be ignored; it proves nothing about the peer (RFC 3948 §4). */
  keepalive: 1,
  /** An IKE message behind the non-ESP marker. */
  ike: 2,
  /** Neither: fewer than four bytes. */
  tooShort: 3,
} as const;

/** One of the values of `UdpPayload`. */
export type UdpPayloadKind = (typeof UdpPayload)[keyof typeof UdpPayload];

/** Classify the `length` bytes of UDP payload at `offset`. */
export function classifyUdpPayload(bytes: Uint8Array, offset: number, length: number): UdpPayloadKind {
  if (length === 1 && bytes[offset] === keepaliveByte) return UdpPayload.keepalive;
  if (length < nonEspMarkerBytes) return UdpPayload.tooShort;
  return readU32(bytes, offset) === 0 ? UdpPayload.ike : UdpPayload.esp;
}
