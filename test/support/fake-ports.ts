/**
 * TUN devices and sockets as plain queues, for driving the datapath loops by hand.
 * @module
 */
import { readU16, writeU16 } from '#core/base/bytes.ts';
import {
  AddressEntry,
  ReceiveRow,
  receiveSlotBytes,
  SendRow,
  TunReadRow,
  TunWriteRow,
  type TunPort,
  type WirePort,
} from '#core/datapath/ports.ts';
import { apart } from '#test/core/tun-tap/joined.ts';

/** A packet as a TUN device would give it; offload columns are 0 where left out. */
export type TunPacket = {
  readonly bytes: Uint8Array;
  readonly gsoType?: number;
  readonly gsoSize?: number;
  readonly needsChecksum?: number;
  readonly csumStart?: number;
  readonly csumOffset?: number;
};

/** A packet that was written to a device. */
export type WrittenPacket = { readonly tun: number; readonly bytes: Uint8Array };

/** Every device reads from one queue. */
export class FakeTun implements TunPort {
  readonly toRead: TunPacket[] = [];
  written: WrittenPacket[] = [];
  /** What each write answers. */
  writeResult = 0;
  /** Whether packets may come joined; they are written down one by one. */
  takesJoined = false;

  read(_tun: number, arena: Uint8Array, rows: Int32Array, maxPackets: number): number {
    let offset = 0;
    let count = 0;
    while (count < maxPackets && offset + 65536 <= arena.length) {
      const packet = this.toRead.shift();
      if (packet === undefined) break;
      arena.set(packet.bytes, offset);
      const at = count * TunReadRow.stride;
      rows[at + TunReadRow.offset] = offset;
      rows[at + TunReadRow.length] = packet.bytes.length;
      rows[at + TunReadRow.gsoType] = packet.gsoType ?? 0;
      rows[at + TunReadRow.gsoSize] = packet.gsoSize ?? 0;
      rows[at + TunReadRow.needsChecksum] = packet.needsChecksum ?? 0;
      rows[at + TunReadRow.csumStart] = packet.csumStart ?? 0;
      rows[at + TunReadRow.csumOffset] = packet.csumOffset ?? 0;
      offset += packet.bytes.length;
      count++;
    }
    return count;
  }

  write(rows: Int32Array, count: number, arena: Uint8Array): void {
    for (let row = 0; row < count; row++) {
      const at = row * TunWriteRow.stride;
      const tun = rows[at + TunWriteRow.tun]!;
      const offset = rows[at + TunWriteRow.offset]!;
      const packets = apart(arena, offset, rows[at + TunWriteRow.length]!, rows[at + TunWriteRow.packets]!);
      rows[at + TunWriteRow.result] = this.writeResult;
      if (this.writeResult === 0) this.written.push(...packets.map((bytes) => ({ tun, bytes })));
    }
  }
}

/** A message as a socket would give it. */
export type WireMessage = {
  readonly bytes: Uint8Array;
  /** -1: the IP header is in front. */
  readonly tos: number;
  readonly sender?: Uint8Array;
  readonly port?: number;
  readonly segmentBytes?: number;
  readonly isTruncated?: boolean;
  /** Of the outer IPv6 header, where the socket tells it. */
  readonly flowLabel?: number;
};

/** A run that was sent. */
export type SentRun = {
  readonly socket: number;
  readonly bytes: Uint8Array;
  readonly segmentBytes: number;
  readonly destination: Uint8Array;
  readonly port: number;
  readonly tos: number;
  readonly flags: number;
  readonly ttl: number;
};

/** Every socket receives from one queue. */
export class FakeWire implements WirePort {
  readonly toReceive: WireMessage[] = [];
  sent: SentRun[] = [];
  /** MTU of every path, and how often it was asked for. */
  mtu = 1500;
  mtuQuestions = 0;
  /** How many packets of a run each send answers for; null for all. */
  sendResult: number | null = null;

  receive(_socket: number, arena: Uint8Array, rows: Int32Array, senders: Uint8Array, maxMessages: number): number {
    let count = 0;
    for (; count < maxMessages; count++) {
      const message = this.toReceive.shift();
      if (message === undefined) break;
      const at = count * ReceiveRow.stride;
      const offset = count * receiveSlotBytes;
      arena.set(message.bytes.subarray(0, receiveSlotBytes), offset);
      rows[at + ReceiveRow.offset] = offset;
      rows[at + ReceiveRow.length] = Math.min(message.bytes.length, receiveSlotBytes);
      rows[at + ReceiveRow.segmentBytes] = message.segmentBytes ?? message.bytes.length;
      rows[at + ReceiveRow.tos] = message.tos;
      rows[at + ReceiveRow.truncated] = message.isTruncated === true ? 1 : 0;
      rows[at + ReceiveRow.flowLabel] = message.flowLabel ?? -1;
      const entry = count * AddressEntry.stride;
      senders.fill(0, entry, entry + AddressEntry.stride);
      senders.set(message.sender ?? new Uint8Array(16), entry);
      writeU16(senders, entry + AddressEntry.port, message.port ?? 0);
    }
    return count;
  }

  pathMtu(_socket: number, _addresses: Uint8Array, _address: number): number {
    this.mtuQuestions++;
    return this.mtu;
  }

  send(rows: Int32Array, count: number, arena: Uint8Array, addresses: Uint8Array): void {
    for (let row = 0; row < count; row++) {
      const at = row * SendRow.stride;
      const offset = rows[at + SendRow.offset]!;
      const length = rows[at + SendRow.length]!;
      const segmentBytes = rows[at + SendRow.segmentBytes]!;
      const entry = rows[at + SendRow.address]! * AddressEntry.stride;
      rows[at + SendRow.result] = this.sendResult ?? Math.ceil(length / segmentBytes);
      this.sent.push({
        socket: rows[at + SendRow.socket]!,
        bytes: arena.slice(offset, offset + length),
        segmentBytes,
        destination: addresses.slice(entry, entry + 16),
        port: readU16(addresses, entry + AddressEntry.port),
        tos: rows[at + SendRow.tos]!,
        flags: rows[at + SendRow.flags]!,
        ttl: rows[at + SendRow.ttl]!,
      });
    }
  }
}
