/**
 * TUN devices of the in-process network: queues between a host's routing and the datapath loops.
 *
 * Not here: offloads. Every packet is one packet.
 * @module
 */
import { TunReadRow, TunWriteRow, type TunPort } from '#core/datapath/ports.ts';

/** Bytes that must be free before another packet is read: the longest there is. */
const longestPacket = 65536;
/** As tun(4) on Linux: what comes while the queue is full is lost. */
const queueLimit = 500;
/** Linux's number for "File descriptor in bad state": the device is gone. */
const deviceGone = -77;

type Device = {
  readonly queue: Uint8Array[];
  readonly deliver: (packet: Uint8Array) => void;
  readonly onQueued: () => void;
};

/** The devices of one host. */
export class MemoryTun implements TunPort {
  readonly #devices = new Map<number, Device>();
  /** Packets lost because a queue was full. */
  overruns = 0;

  /** Make a device: `deliver` takes what the datapath writes, `onQueued` hears that there is something to read. */
  open(token: number, deliver: (packet: Uint8Array) => void, onQueued: () => void): void {
    this.#devices.set(token, { queue: [], deliver, onQueued });
  }

  /** Remove a device with what it holds. */
  close(token: number): void {
    this.#devices.delete(token);
  }

  /** The host sends a packet into the device. */
  push(token: number, packet: Uint8Array): void {
    const device = this.#devices.get(token);
    if (device === undefined) return;
    if (device.queue.length >= queueLimit) {
      this.overruns++;
      return;
    }
    device.queue.push(packet);
    device.onQueued();
  }

  read(tun: number, arena: Uint8Array, rows: Int32Array, maxPackets: number): number {
    const device = this.#devices.get(tun);
    if (device === undefined) return deviceGone;
    let offset = 0;
    let count = 0;
    while (count < maxPackets && offset + longestPacket <= arena.length) {
      const packet = device.queue.shift();
      if (packet === undefined) break;
      arena.set(packet, offset);
      const at = count * TunReadRow.stride;
      rows.fill(0, at, at + TunReadRow.stride);
      rows[at + TunReadRow.offset] = offset;
      rows[at + TunReadRow.length] = packet.length;
      offset += packet.length;
      count++;
    }
    return count;
  }

  write(rows: Int32Array, count: number, arena: Uint8Array): void {
    for (let row = 0; row < count; row++) {
      const at = row * TunWriteRow.stride;
      const device = this.#devices.get(rows[at + TunWriteRow.tun]!);
      const offset = rows[at + TunWriteRow.offset]!;
      rows[at + TunWriteRow.result] = device === undefined ? deviceGone : 0;
      device?.deliver(arena.slice(offset, offset + rows[at + TunWriteRow.length]!));
    }
  }
}
