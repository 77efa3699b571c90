/**
 * The packet that the outbound loop has in hand: what its stages found out, and what they decided. One object, reused
 * for every packet, so that none is allocated.
 * @module
 */
import { tfcPaddedBytes } from '#core/crypto/tfc-padding.ts';
import { IpHeader } from '#core/datapath/ip-header.ts';
import { TunReadRow } from '#core/datapath/ports.ts';
import { plainGsoType, SegmentCount } from '#core/datapath/super-packet.ts';

/** A packet or super-packet on its way out. */
export class PacketInHand {
  readonly header = new IpHeader();
  readonly size = new SegmentCount();
  /** Where it begins in the source arena. */
  offset = 0;
  /** Bytes that were read; the header may say fewer. */
  length = 0;
  gsoType = 0;
  gsoSize = 0;
  needsChecksum = false;
  csumStart = 0;
  csumOffset = 0;
  /** Tunnels that it has been through already. */
  depth = 0;
  /** `SendFlag`s of its outer packet. */
  outerFlags = 0;
  /** Whether it carries nothing (RFC 4303 §2.6). */
  isDummy = false;
  /** Padding of each segment (RFC 4303 §2.7): to a multiple of the first, and to no more than the second. */
  tfcMultiple = 0;
  tfcLimit = 0;

  /** Take a row of a read. */
  take(reads: Int32Array, at: number): void {
    this.#reset(reads[at + TunReadRow.offset]!, reads[at + TunReadRow.length]!);
    this.gsoType = plainGsoType(reads[at + TunReadRow.gsoType]!);
    this.gsoSize = reads[at + TunReadRow.gsoSize]!;
    this.needsChecksum = reads[at + TunReadRow.needsChecksum] !== 0;
    this.csumStart = reads[at + TunReadRow.csumStart]!;
    this.csumOffset = reads[at + TunReadRow.csumOffset]!;
  }

  /** Take a packet that no device gave: a dummy, or a fragment of the one in hand before, at its depth. */
  takeWhole(source: Uint8Array, offset: number, length: number): void {
    this.#reset(offset, length);
    this.gsoType = 0;
    this.gsoSize = 0;
    this.needsChecksum = false;
    this.csumStart = 0;
    this.csumOffset = 0;
    this.header.read(source, offset, length, 0);
    this.size.measure(this.header, source, offset, length, 0, 0);
  }

  /** Bytes of a segment of `length` bytes with its padding. */
  paddedBytes(length: number): number {
    return tfcPaddedBytes(length, this.tfcMultiple, this.tfcLimit);
  }

  #reset(offset: number, length: number): void {
    this.offset = offset;
    this.length = length;
    this.outerFlags = 0;
    this.isDummy = false;
    this.tfcMultiple = 0;
    this.tfcLimit = 0;
  }
}
