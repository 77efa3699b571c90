/**
 * A TUN device with the host's address, for tests in a network namespace of their own: batches in and out as packets.
 * @module
 */
import { execFileSync } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { OpenRow, SealFlag, SealRow } from '#core/crypto/transform.ts';
import { TunReadRow, TunWriteRow } from '#core/datapath/ports.ts';
import { joined } from './joined.ts';
import type { NativePackage } from '#core/host/linux/native.ts';

const noKey = new Uint8Array(0);

/** One packet or super-packet that the device handed over. */
export type ReadPacket = { readonly bytes: Uint8Array; readonly row: Int32Array };

/** An open device that is up. */
export class TunDevice {
  readonly fd: number;
  readonly vnetHeader: boolean;
  readonly offloads: number;
  readonly #native: NativePackage;
  readonly #arena = new Uint8Array(1 << 21);

  /** Make it, with 10.9.0.1/24. */
  constructor(native: NativePackage, name: string, offload: boolean) {
    this.#native = native;
    ({ fd: this.fd, vnetHeader: this.vnetHeader, offloads: this.offloads } = native.openTun(name, offload));
    execFileSync('ip', ['address', 'add', '10.9.0.1/24', 'dev', name]);
    native.setMtu(name, 1400);
    native.setUp(name, true);
  }

  /** Write packets in one batch; gives the results. */
  write(packets: readonly Uint8Array[]): readonly number[] {
    const rows = new Int32Array(packets.length * TunWriteRow.stride);
    let at = 0;
    packets.forEach((packet, index) => {
      this.#arena.set(packet, at);
      rows.set([this.fd, at, packet.length, 0, 1, -99], index * TunWriteRow.stride);
      at += packet.length;
    });
    this.#native.writeTun(rows, packets.length, this.#arena);
    return packets.map((_, index) => rows[index * TunWriteRow.stride + TunWriteRow.result]!);
  }

  /** Write pieces of packets that lie joined, in one batch; gives the results. */
  writeJoined(pieces: readonly (readonly Uint8Array[])[]): readonly number[] {
    const rows = new Int32Array(pieces.length * TunWriteRow.stride);
    let at = 0;
    pieces.forEach((packets, index) => {
      const bytes = joined(packets);
      this.#arena.set(bytes, at);
      rows.set([this.fd, at, packets[0]?.length ?? 0, 0, packets.length, -99], index * TunWriteRow.stride);
      at += bytes.length;
    });
    this.#native.writeTun(rows, pieces.length, this.#arena);
    return pieces.map((_, index) => rows[index * TunWriteRow.stride + TunWriteRow.result]!);
  }

  /** The IPv4 packets of one read; the kernel's own IPv6 chatter is left out. */
  read(): readonly ReadPacket[] {
    const rows = new Int32Array(16 * TunReadRow.stride);
    const count = this.#native.readTun(this.fd, this.#arena, rows, 16);
    if (count < 0) throw new Error(`read failed: errno ${-count}`);
    return Array.from({ length: count }, (_, index) => {
      const row = rows.slice(index * TunReadRow.stride, (index + 1) * TunReadRow.stride);
      const offset = row[TunReadRow.offset]!;
      return { bytes: this.#arena.slice(offset, offset + row[TunReadRow.length]!), row };
    }).filter(({ bytes }) => bytes[0]! >> 4 === 4);
  }

  /** Read until `enough` says so, at most 5 s; the event loop runs meanwhile. */
  async readUntil(enough: (packets: readonly ReadPacket[]) => boolean): Promise<readonly ReadPacket[]> {
    const packets: ReadPacket[] = [];
    for (let round = 0; round < 1000; round++) {
      packets.push(...this.read());
      if (enough(packets)) return packets;
      await setTimeout(5);
    }
    throw new Error(`gave up after ${packets.length} packets`);
  }

  /** The packets that a super-packet stands for, as the datapath would send them: sealed without keys, opened again. */
  segments({ bytes, row }: ReadPacket, count: number): readonly Uint8Array[] {
    const handle = this.#native.createTransform(11, 0, noKey, noKey, noKey, 0);
    const job = new Int32Array(SealRow.stride);
    job[SealRow.sourceLength] = bytes.length;
    job[SealRow.transform] = handle;
    job[SealRow.nextHeader] = 4;
    job[SealRow.gsoType] = row[TunReadRow.gsoType]!;
    job[SealRow.gsoSize] = row[TunReadRow.gsoSize]!;
    job[SealRow.csumStart] = row[TunReadRow.csumStart]!;
    job[SealRow.csumOffset] = row[TunReadRow.csumOffset]!;
    job[SealRow.flags] = row[TunReadRow.needsChecksum] === 1 ? SealFlag.needsChecksum : 0;
    job[SealRow.segmentCount] = count;
    const sealed = new Uint8Array(bytes.length + count * 120);
    this.#native.sealBatch(job, 1, bytes, sealed);
    const total = job[SealRow.outLength]!;
    if (total < 0) throw new Error(`seal failed: ${total}`);
    const packets: Uint8Array[] = [];
    for (let at = 0; at < total; at += job[SealRow.outSegmentBytes]!) {
      const open = new Int32Array(OpenRow.stride);
      open.set([at, Math.min(job[SealRow.outSegmentBytes]!, total - at), handle]);
      this.#native.openBatch(open, 1, sealed);
      const start = open[OpenRow.outOffset]!;
      const innerLength = (sealed[start + 2]! << 8) | sealed[start + 3]!;
      packets.push(sealed.slice(start, start + innerLength));
    }
    this.#native.freeTransform(handle);
    return packets;
  }

  /** Close it; the interface goes away. */
  close(): void {
    this.#native.closeDescriptor(this.fd);
  }
}
