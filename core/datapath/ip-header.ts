/**
 * One packet's IP header as the datapath loops need it: checked once, then plain numbers in an object that is reused for
 * every packet. `read` is enough for most packets; `findUpperLayer` walks options and extension headers where it matters.
 *
 * Not here: the checks themselves (core/ip/header-check.ts).
 * @module
 */
import { readU16, readU32 } from '#core/base/bytes.ts';
import { checkIpHeader, HeaderCheck, ipPacketLength } from '#core/ip/header-check.ts';
import {
  hasDontFragment,
  ipv4HeaderBytes,
  ipv4HeaderLength,
  ipv4Identification,
  ipv4Protocol,
  ipv4Tos,
  ipVersion,
} from '#core/ip/ipv4.ts';
import { ipv6HeaderBytes, ipv6NextHeader, ipv6TrafficClass } from '#core/ip/ipv6.ts';
import { IpProtocol } from '#core/ip/protocol.ts';

/** Numbers of one packet. */
export class IpHeader {
  /** 4 or 6; 0 before the first packet. */
  family = 0;
  /** Bytes of the IPv4 header with options, or 40. */
  headerLength = 0;
  /** Bytes of the packet as its header tells; what lies behind is padding. */
  totalLength = 0;
  /** TOS or traffic class. */
  tos = 0;
  /** IPv4 protocol or IPv6 next header; after `findUpperLayer` the upper layer's, behind extension headers. */
  protocol = 0;
  /** DF; true for IPv6, which routers never fragment (RFC 8200 §4.5). */
  hasDontFragment = false;
  /** After `findUpperLayer`: offset of the upper layer from the start of the packet. */
  upperOffset = 0;
  /** After `findUpperLayer`: whether there is an offset or more to come, and whether the upper header is elsewhere. */
  isFragment = false;
  isLaterFragment = false;
  /** After `findUpperLayer`: identification of a fragment. */
  fragmentId = 0;

  /** Check and read the header at `offset`. `version` is 4 or 6, or 0 for whichever it says. Returns a `HeaderCheck`. */
  read(bytes: Uint8Array, offset: number, length: number, version: 0 | 4 | 6): number {
    const result = checkIpHeader(bytes, offset, length, version);
    if (result === HeaderCheck.valid) this.#take(bytes, offset);
    return result;
  }

  /**
   * As `read`, for a packet as a raw socket gives it. Linux has verified its checksum, and has then rewritten IPv4 options
   * without mending that (ip_options.c): its own address and time in Record Route and Timestamp, zeros behind the end of
   * the list. So behind options no checksum says anything.
   */
  readReceived(bytes: Uint8Array, offset: number, length: number, version: 4 | 6): number {
    const result = checkIpHeader(bytes, offset, length, version);
    const isRewritten = result === HeaderCheck.checksum && ipv4HeaderLength(bytes, offset) > ipv4HeaderBytes;
    if (result !== HeaderCheck.valid && !isRewritten) return result;
    this.#take(bytes, offset);
    return HeaderCheck.valid;
  }

  #take(bytes: Uint8Array, offset: number): void {
    this.family = ipVersion(bytes, offset);
    this.totalLength = ipPacketLength(bytes, offset);
    const isIpv4 = this.family === 4;
    this.headerLength = isIpv4 ? ipv4HeaderLength(bytes, offset) : ipv6HeaderBytes;
    this.tos = isIpv4 ? ipv4Tos(bytes, offset) : ipv6TrafficClass(bytes, offset);
    this.protocol = isIpv4 ? ipv4Protocol(bytes, offset) : ipv6NextHeader(bytes, offset);
    this.hasDontFragment = !isIpv4 || hasDontFragment(bytes, offset);
  }

  /**
   * Find the upper layer behind options and extension headers (RFC 8200 §4.1), after `read`; again if need be.
   * Returns false when the chain ends outside the packet.
   */
  findUpperLayer(bytes: Uint8Array, offset: number): boolean {
    this.upperOffset = this.headerLength;
    this.isFragment = false;
    this.isLaterFragment = false;
    if (this.family === 6) return this.#skipExtensionHeaders(bytes, offset);
    const fragmentWord = readU16(bytes, offset + 6) & 0x3fff;
    this.isFragment = fragmentWord !== 0;
    this.isLaterFragment = (fragmentWord & 0x1fff) !== 0;
    this.fragmentId = ipv4Identification(bytes, offset);
    return true;
  }

  /** Each header advances by at least 8 bytes, so the loop ends within the packet. */
  #skipExtensionHeaders(bytes: Uint8Array, offset: number): boolean {
    this.protocol = ipv6NextHeader(bytes, offset);
    while (isExtensionHeader(this.protocol) && !this.isLaterFragment) {
      if (this.upperOffset + 8 > this.totalLength) return false;
      const at = offset + this.upperOffset;
      const isFragmentHeader = this.protocol === IpProtocol.ipv6Fragment;
      if (isFragmentHeader) this.#readFragmentHeader(bytes, at);
      this.protocol = bytes[at]!;
      this.upperOffset += isFragmentHeader ? 8 : (bytes[at + 1]! + 1) << 3;
      if (this.upperOffset > this.totalLength) return false;
    }
    return true;
  }

  /** Offset 0 with M clear is an atomic fragment: a whole packet (RFC 6946). */
  #readFragmentHeader(bytes: Uint8Array, at: number): void {
    const fragmentWord = readU16(bytes, at + 2);
    this.isFragment = (fragmentWord & 0xfff9) !== 0;
    this.isLaterFragment = (fragmentWord & 0xfff8) !== 0;
    this.fragmentId = readU32(bytes, at + 4);
  }
}

/** Hop-by-hop options, routing, fragment, destination options (RFC 4301 §4.4.1.1 asks to skip these). */
function isExtensionHeader(protocol: number): boolean {
  return protocol === 0 || protocol === 43 || protocol === IpProtocol.ipv6Fragment || protocol === 60;
}
