/**
 * The ports of the inbound loop over one captured packet at a time: its ESP or UDP payload is what a socket gives, and
 * what is written to the device is the inner packet.
 * @module
 */
import { writeU16 } from '#core/base/bytes.ts';
import { AddressEntry, ReceiveRow, TunWriteRow, type TunPort, type WirePort } from '#core/datapath/ports.ts';

/** What a socket would give of one packet, and where in `bytes` it lies. */
export type CapturedPayload = {
  readonly bytes: Uint8Array;
  readonly offset: number;
  readonly length: number;
  readonly tos: number;
  /** The sender: where its address lies in `bytes`, 4 or 16 bytes, and its UDP port; 0 for plain ESP. */
  readonly senderAt: number;
  readonly family: 4 | 6;
  readonly senderPort: number;
};

/** A socket that gives the packet which was put in, once. */
export class CaptureWire implements WirePort {
  #payload: CapturedPayload | null = null;

  /** What the next call of `receive` gives. */
  put(payload: CapturedPayload): void {
    this.#payload = payload;
  }

  /** The payload at the arena's start, without an outer header in front. */
  receive(_socket: number, arena: Uint8Array, rows: Int32Array, senders: Uint8Array): number {
    const payload = this.#payload;
    if (payload === null) return 0;
    this.#payload = null;
    const { bytes, offset, length, tos, senderAt, family, senderPort } = payload;
    arena.set(bytes.subarray(offset, offset + length));
    rows[ReceiveRow.offset] = 0;
    rows[ReceiveRow.length] = length;
    rows[ReceiveRow.segmentBytes] = length;
    rows[ReceiveRow.tos] = tos;
    rows[ReceiveRow.truncated] = 0;
    rows[ReceiveRow.flowLabel] = -1;
    senders.fill(0, 0, AddressEntry.stride);
    senders.set(bytes.subarray(senderAt, senderAt + (family === 4 ? 4 : 16)), AddressEntry.address);
    writeU16(senders, AddressEntry.port, senderPort);
    senders[AddressEntry.family] = family;
    return 1;
  }

  /** Nothing is sent. */
  send(): void {}

  /** Nothing is known of paths. */
  pathMtu(): number {
    return 0;
  }
}

/** A device that keeps the last packet. */
export class CaptureTun implements TunPort {
  #written: Uint8Array | null = null;

  /** The packet that was written since the last call, as a copy; null for none. */
  take(): Uint8Array | null {
    const written = this.#written;
    this.#written = null;
    return written;
  }

  /** Nothing comes from the device. */
  read(): number {
    return 0;
  }

  /** Keep it. */
  write(rows: Int32Array, _count: number, arena: Uint8Array): void {
    const offset = rows[TunWriteRow.offset]!;
    this.#written = arena.slice(offset, offset + rows[TunWriteRow.length]!);
    rows[TunWriteRow.result] = 0;
  }
}
