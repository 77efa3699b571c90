/**
 * Outer IP headers on the way in, where the socket gives them: raw IPv4 sockets do (raw(7)), and so do captures, for both
 * families. Checks what the datapath relies on, refuses fragments (RFC 4303 §3.4.1), finds ESP's place.
 *
 * Lengths are in network order, as on the wire and on Linux; a host whose raw sockets change them puts them right.
 * @module
 */
import { HeaderCheck } from '#core/ip/header-check.ts';
import { ipv4DestinationAt, ipv4SourceAt } from '#core/ip/ipv4.ts';
import { ipv6DestinationAt, ipv6SourceAt } from '#core/ip/ipv6.ts';
import { IpProtocol } from '#core/ip/protocol.ts';
import { dropReasons } from './drop-reason.ts';
import { IpHeader } from './ip-header.ts';

const reasonHeader = dropReasons.ipHeader.number;
const reasonFragment = dropReasons.fragment.number;
const reasonClearText = dropReasons.clearText.number;

/** The outer header of one packet; reused. */
export class OuterHeader {
  family = 0;
  tos = 0;
  /** Offsets of the addresses from the start of the packet. */
  sourceOffset = 0;
  destinationOffset = 0;
  /** Where the ESP header is, from the start of the packet, and how many bytes lie there: known of a first fragment too. */
  payloadOffset = 0;
  payloadLength = 0;
  readonly #ip = new IpHeader();

  /** Read the ESP packet at `offset`, IP header in front. Returns 0 or a drop reason's number. */
  read(bytes: Uint8Array, offset: number, length: number, family: 4 | 6): number {
    const ip = this.#ip;
    if (ip.readReceived(bytes, offset, length, family) !== HeaderCheck.valid) return reasonHeader;
    if (!ip.findUpperLayer(bytes, offset)) return reasonHeader;
    this.payloadOffset = ip.upperOffset;
    this.payloadLength = ip.isLaterFragment || ip.protocol !== IpProtocol.esp ? 0 : ip.totalLength - ip.upperOffset;
    if (ip.isFragment) return reasonFragment;
    if (ip.protocol === IpProtocol.ipv4 || ip.protocol === IpProtocol.ipv6) return reasonClearText;
    if (ip.protocol !== IpProtocol.esp) return reasonHeader;
    this.family = ip.family;
    this.tos = ip.tos;
    this.sourceOffset = family === 4 ? ipv4SourceAt : ipv6SourceAt;
    this.destinationOffset = family === 4 ? ipv4DestinationAt : ipv6DestinationAt;
    return 0;
  }
}

/** Whether the address in the first 4 or 16 bytes is neither unspecified, broadcast nor multicast (what NetBSD's ipsecif.c sends to). */
export function isUnicastBytes(address: Uint8Array, family: 4 | 6): boolean {
  const bytes = address.subarray(0, family === 4 ? 4 : 16);
  if (bytes.every((byte) => byte === 0)) return false;
  if (family === 6) return bytes[0] !== 0xff;
  return bytes[0]! >>> 4 !== 14 && !bytes.every((byte) => byte === 0xff);
}

/** Whether `family`'s 4 or 16 bytes at both places are equal. */
export function equalAddressAt(
  left: Uint8Array,
  leftOffset: number,
  right: Uint8Array,
  rightOffset: number,
  family: number,
): boolean {
  const length = family === 4 ? 4 : 16;
  for (let index = 0; index < length; index++) {
    if (left[leftOffset + index] !== right[rightOffset + index]) return false;
  }
  return true;
}
