/**
 * Ports of the datapath loops that do nothing but repeat one batch, so that what is left to measure is the decisions.
 * @module
 */
import { writeU32 } from '#core/base/bytes.ts';
import { OpenRow, SealRow, type TransformPort } from '#core/crypto/transform.ts';
import { AddressEntry, ReceiveRow, receiveSlotBytes, SendRow, TunReadRow, TunWriteRow } from '#core/datapath/ports.ts';
import type { TunPort, WirePort } from '#core/datapath/ports.ts';

/** A packet of the batch, for a device to give. */
export type QuietPacket = { readonly bytes: Uint8Array; readonly gsoType: number; readonly gsoSize: number };

/** A device that gives the same packets again and again, already in the arena after the first time. */
export class QuietTun implements TunPort {
  readonly #packets: readonly QuietPacket[];
  #isFilled = false;

  constructor(packets: readonly QuietPacket[]) {
    this.#packets = packets;
  }

  read(_tun: number, arena: Uint8Array, rows: Int32Array, maxPackets: number): number {
    let offset = 0;
    let count = 0;
    for (const { bytes, gsoType, gsoSize } of this.#packets) {
      if (count === maxPackets || offset + 65536 > arena.length) break;
      if (!this.#isFilled) arena.set(bytes, offset);
      const at = count * TunReadRow.stride;
      rows[at + TunReadRow.offset] = offset;
      rows[at + TunReadRow.length] = bytes.length;
      rows[at + TunReadRow.gsoType] = gsoType;
      rows[at + TunReadRow.gsoSize] = gsoSize;
      offset += (bytes.length + 15) & ~15;
      count++;
    }
    this.#isFilled = true;
    return count;
  }

  write(rows: Int32Array, count: number): void {
    for (let row = 0; row < count; row++) rows[row * TunWriteRow.stride + TunWriteRow.result] = 0;
  }
}

/** A socket that gives ESP packets of these SPIs in turn, their sequence numbers counting up, and swallows what is sent. */
export class QuietWire implements WirePort {
  readonly #spis: Uint32Array;
  readonly #sender: Uint8Array;
  readonly #packetBytes: number;
  #sequence = 0;
  #turn = 0;

  /** `sender` is an `AddressEntry`; `sequence` the number before the first packet's. */
  constructor(spis: Uint32Array, packetBytes: number, sender: Uint8Array, sequence: number) {
    this.#spis = spis;
    this.#packetBytes = packetBytes;
    this.#sender = sender;
    this.#sequence = sequence;
  }

  receive(_socket: number, arena: Uint8Array, rows: Int32Array, senders: Uint8Array, maxMessages: number): number {
    for (let message = 0; message < maxMessages; message++) {
      const start = message * receiveSlotBytes;
      // Only heads: the datapath looks at nothing else before a packet is opened.
      writeU32(arena, start, this.#spis[this.#turn]!);
      writeU32(arena, start + 4, ++this.#sequence);
      this.#turn = this.#turn + 1 === this.#spis.length ? 0 : this.#turn + 1;
      const row = message * ReceiveRow.stride;
      rows[row + ReceiveRow.offset] = start;
      rows[row + ReceiveRow.length] = this.#packetBytes;
      rows[row + ReceiveRow.segmentBytes] = this.#packetBytes;
      rows[row + ReceiveRow.tos] = 0;
      rows[row + ReceiveRow.truncated] = 0;
      rows[row + ReceiveRow.flowLabel] = -1;
      senders.set(this.#sender, message * AddressEntry.stride);
    }
    return maxMessages;
  }

  send(rows: Int32Array, count: number): void {
    for (let row = 0; row < count; row++) {
      const at = row * SendRow.stride;
      rows[at + SendRow.result] = Math.ceil(rows[at + SendRow.length]! / rows[at + SendRow.segmentBytes]!);
    }
  }

  pathMtu(): number {
    return 1500;
  }
}

/** Seals and opens nothing: every packet that is opened is the same one. */
export class QuietTransform implements TransformPort {
  readonly #plain: Uint8Array;
  readonly #ivBytes = 8;

  /** `plain` is the inner packet with its trailer. */
  constructor(plain: Uint8Array) {
    this.#plain = plain;
  }

  create(): number {
    return 1;
  }

  free(): void {}

  seal(rows: Int32Array, count: number): void {
    let offset = 0;
    for (let job = 0; job < count; job++) {
      const at = job * SealRow.stride;
      const segments = rows[at + SealRow.segmentCount]!;
      const segmentBytes = Math.ceil(rows[at + SealRow.sourceLength]! / segments) + 34;
      rows[at + SealRow.outOffset] = offset;
      rows[at + SealRow.outLength] = segments * segmentBytes;
      rows[at + SealRow.outSegmentBytes] = segmentBytes;
      offset += segments * segmentBytes;
    }
  }

  open(rows: Int32Array, count: number, arena: Uint8Array): void {
    for (let job = 0; job < count; job++) {
      const at = job * OpenRow.stride;
      const offset = rows[at + OpenRow.offset]! + 8 + this.#ivBytes;
      // The heads are enough again: of the inner packet, and the trailer at its end.
      const plain = this.#plain;
      for (let index = 0; index < 28; index++) arena[offset + index] = plain[index]!;
      for (let index = plain.length - 4; index < plain.length; index++) arena[offset + index] = plain[index]!;
      rows[at + OpenRow.outOffset] = offset;
      rows[at + OpenRow.outLength] = plain.length;
    }
  }
}
