/**
 * Fragmentation before ESP, for an association that says so (setkey's `-esp_frag`, for NATs that lose fragments of UDP):
 * an inner IPv4 packet without DF is cut so that none of its ESP packets is (NetBSD's ipsecif.c, ipsecif4_fragout, which
 * cuts it behind the outer header). What may not be cut is answered with ICMP, as behind a narrow path (RFC 4301 §8.2.1).
 *
 * Super-packets without DF are not cut: their ESP packets are fragmented on the way where they are too large.
 * @module
 */
import { completePartialChecksum } from '#core/ip/checksum.ts';
import { emitIpv4Fragment, fragmentPayloadBytes } from '#core/ip/ipv4-fragment.ts';
import { announcedMtu } from '#core/datapath/path-mtu.ts';
import { GsoType } from '#core/datapath/super-packet.ts';
import type { PacketInHand } from './packet-in-hand.ts';

/** Room for fragments that wait to be sealed. */
export const fragmentArenaBytes = 64 * 1024;

/** What becomes of a packet. */
export const FragmentVerdict = { whole: 0, cut: 1, tooBig: 2 } as const;

/** Whether the packet in hand is cut for inner packets of at most `innerLimit` bytes; 0 for no limit. */
export function fragmentVerdict({ header, size, gsoType }: PacketInHand, innerLimit: number): number {
  if (innerLimit === 0 || size.segmentBytes <= innerLimit) return FragmentVerdict.whole;
  if (header.hasDontFragment) {
    const isAnswered = size.segmentBytes > announcedMtu(innerLimit, header.family);
    return isAnswered ? FragmentVerdict.tooBig : FragmentVerdict.whole;
  }
  return gsoType === GsoType.none ? FragmentVerdict.cut : FragmentVerdict.whole;
}

/** Cuts one packet at a time, into the end of the arena that packets are read into. */
export class InnerFragments {
  /** The fragment written last. */
  offset = 0;
  length = 0;
  readonly #arena: Uint8Array;
  readonly #start: number;
  #at: number;
  // The packet that is being cut.
  #packetAt = 0;
  #headerLength = 0;
  #payloadEnd = 0;
  #step = 0;
  #cut = 0;

  /** Fragments lie from `start` to the end of `arena`. */
  constructor(arena: Uint8Array, start: number) {
    this.#arena = arena;
    this.#start = start;
    this.#at = start;
  }

  /** Begin with the packet in hand, whose checksum is completed where it lies; false when that cannot be. */
  begin(packet: PacketInHand, innerLimit: number): boolean {
    const { offset, header, needsChecksum, csumStart, csumOffset } = packet;
    const { totalLength, headerLength } = header;
    if (needsChecksum && !completePartialChecksum(this.#arena, offset, totalLength, csumStart, csumOffset))
      return false;
    this.#packetAt = offset;
    this.#headerLength = headerLength;
    this.#payloadEnd = totalLength - headerLength;
    this.#step = fragmentPayloadBytes(headerLength, innerLimit);
    this.#cut = 0;
    return true;
  }

  /** Whether there is something left to cut. */
  hasNext(): boolean {
    return this.#cut < this.#payloadEnd;
  }

  /** Whether the next fragment fits; else what was cut has to be sent first. */
  hasRoom(): boolean {
    return this.#at + this.#headerLength + this.#step <= this.#arena.length;
  }

  /** Write the next fragment. */
  next(): void {
    const end = Math.min(this.#payloadEnd, this.#cut + this.#step);
    this.offset = this.#at;
    this.length = emitIpv4Fragment(this.#arena, this.#packetAt, this.#cut, end, this.#arena, this.#at);
    this.#at += this.length;
    this.#cut = end;
  }

  /** What was cut has been sent. */
  clear(): void {
    this.#at = this.#start;
  }
}
