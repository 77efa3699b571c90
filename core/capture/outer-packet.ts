/**
 * The outer header of a captured packet: what a gateway's operating system looks at before ESP sees anything. Unlike it,
 * this also says what a packet would be that is broken or was cut by the capture, so that a report can name it.
 *
 * Not here: ESP and what UDP carries (core/datapath/inbound.ts).
 * @module
 */
import { readU16 } from '#core/base/bytes.ts';
import { IpHeader } from '#core/datapath/ip-header.ts';
import { HeaderCheck, type HeaderCheckResult } from '#core/ip/header-check.ts';
import {
  ipv4DestinationAt,
  ipv4HeaderBytes,
  ipv4HeaderLength,
  ipv4Protocol,
  ipv4SourceAt,
  ipv4TotalLength,
  ipVersion,
  isIpv4Fragment,
} from '#core/ip/ipv4.ts';
import { ipv6DestinationAt, ipv6HeaderBytes, ipv6NextHeader, ipv6PayloadLength, ipv6SourceAt } from '#core/ip/ipv6.ts';

/** The outer header of one packet; reused. */
export class OuterPacket {
  family: 4 | 6 = 4;
  /** Whether addresses and protocol are there. Nothing else is worth looking at where they are not. */
  isReadable = false;
  /** What is wrong with the header; the fields say what can be told nevertheless. */
  check: HeaderCheckResult = HeaderCheck.short;
  tos = 0;
  /** Upper layer behind extension headers: 50, 17 … */
  protocol = 0;
  isFragment = false;
  isLaterFragment = false;
  /** Offsets in the frame. */
  sourceAt = 0;
  destinationAt = 0;
  /** Where the upper layer lies in the frame, and its length by the IP header, which may be more than is there. */
  payloadAt = 0;
  payloadLength = 0;
  readonly #ip = new IpHeader();

  /** Read the packet at `offset`, of which the frame holds `length` bytes. */
  read(bytes: Uint8Array, offset: number, length: number, family: 4 | 6): void {
    this.family = family;
    this.isReadable =
      length >= (family === 4 ? ipv4HeaderBytes : ipv6HeaderBytes) && ipVersion(bytes, offset) === family;
    this.check = this.isReadable ? this.#readHeader(bytes, offset, length) : HeaderCheck.short;
    this.sourceAt = offset + (family === 4 ? ipv4SourceAt : ipv6SourceAt);
    this.destinationAt = offset + (family === 4 ? ipv4DestinationAt : ipv6DestinationAt);
  }

  #readHeader(bytes: Uint8Array, offset: number, length: number): HeaderCheckResult {
    const ip = this.#ip;
    const check = ip.read(bytes, offset, length, this.family) as HeaderCheckResult;
    if (check !== HeaderCheck.valid || !ip.findUpperLayer(bytes, offset)) {
      this.#guess(bytes, offset);
      return check === HeaderCheck.valid ? HeaderCheck.malformed : check;
    }
    this.tos = ip.tos;
    this.protocol = ip.protocol;
    this.isFragment = ip.isFragment;
    this.isLaterFragment = ip.isLaterFragment;
    this.payloadAt = offset + ip.upperOffset;
    this.payloadLength = ip.totalLength - ip.upperOffset;
    return check;
  }

  /** By the fixed part of the header alone. */
  #guess(bytes: Uint8Array, offset: number): void {
    const isIpv4 = this.family === 4;
    const headerLength = isIpv4 ? ipv4HeaderLength(bytes, offset) : ipv6HeaderBytes;
    this.tos = 0;
    this.protocol = isIpv4 ? ipv4Protocol(bytes, offset) : ipv6NextHeader(bytes, offset);
    this.isFragment = isIpv4 && isIpv4Fragment(bytes, offset);
    this.isLaterFragment = isIpv4 && (readU16(bytes, offset + 6) & 0x1fff) !== 0;
    this.payloadAt = offset + headerLength;
    const payloadLength = isIpv4 ? ipv4TotalLength(bytes, offset) - headerLength : ipv6PayloadLength(bytes, offset);
    this.payloadLength = Math.max(0, payloadLength);
  }
}
