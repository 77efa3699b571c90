/**
 * TUN devices with several queues, as inbound workers write to them: each flow by the queue of one outbound worker.
 *
 * Linux reads a flow from the queue by which its other direction was written last (drivers/net/tun.c: tun_flow_update),
 * and spreads by a hash only what nobody answers. So whoever writes chooses the worker that will read the answers: here
 * by a hash of both ends that is the same in either direction, so that flows spread evenly and each stays where it is.
 * @module
 */
import { readU16, readU32 } from '#core/base/bytes.ts';
import { TunWriteRow, type TunPort } from '#core/datapath/ports.ts';
import { IpProtocol } from '#core/ip/protocol.ts';
import type { SiblingOf } from './worker-share.ts';

const unasked = -1;

/** Devices with a queue for each outbound worker. */
export class QueueSteering implements TunPort {
  readonly #tun: TunPort;
  readonly #queues: number;
  readonly #siblingOf: SiblingOf;
  /** Queues of the device in hand, as far as they were asked for: for each packet that would cost more than the rest. */
  readonly #known: Int32Array;
  #device = -1;

  /** Packets that lie joined are of one flow. */
  get takesJoined(): boolean {
    return this.#tun.takesJoined ?? false;
  }

  constructor(tun: TunPort, queues: number, siblingOf: SiblingOf) {
    this.#tun = tun;
    this.#queues = queues;
    this.#siblingOf = siblingOf;
    this.#known = new Int32Array(queues);
  }

  read(tun: number, arena: Uint8Array, rows: Int32Array, maxPackets: number): number {
    return this.#tun.read(tun, arena, rows, maxPackets);
  }

  write(rows: Int32Array, count: number, arena: Uint8Array): void {
    // Not beyond one batch: a number may be another device's by then.
    this.#device = -1;
    for (let at = 0; at < count * TunWriteRow.stride; at += TunWriteRow.stride) {
      const queue = flowHash(arena, rows[at + TunWriteRow.offset]!) % this.#queues;
      if (queue > 0) rows[at + TunWriteRow.tun] = this.#queueOf(rows[at + TunWriteRow.tun]!, queue);
    }
    this.#tun.write(rows, count, arena);
  }

  #queueOf(device: number, queue: number): number {
    if (device !== this.#device) {
      this.#device = device;
      this.#known.fill(unasked);
    }
    if (this.#known[queue] === unasked) {
      const sibling = this.#siblingOf(device, queue);
      this.#known[queue] = sibling < 0 ? device : sibling;
    }
    return this.#known[queue]!;
  }
}

/** A number for the flow of the IP packet at `at`, whose header has been checked; equal for the answers. Not negative. */
export function flowHash(bytes: Uint8Array, at: number): number {
  const isIpv4 = bytes[at]! >>> 4 === 4;
  const protocol = bytes[at + (isIpv4 ? 9 : 6)]!;
  const hash = isIpv4 ? readU32(bytes, at + 12) ^ readU32(bytes, at + 16) : hashOfAddresses6(bytes, at + 8);
  const ports = at + (isIpv4 ? (bytes[at]! & 15) * 4 : 40);
  // Fragments have no ports but in the first, and all of a packet are to stay together.
  const hasPorts = isIpv4 ? (readU16(bytes, at + 6) & 0x3fff) === 0 : true;
  const knowsPorts = hasPorts && (protocol === IpProtocol.tcp || protocol === IpProtocol.udp);
  const mixed =
    knowsPorts && ports + 4 <= bytes.length ? hash ^ readU16(bytes, ports) ^ readU16(bytes, ports + 2) : hash;
  // Multiplying spreads what differs in few bits (Knuth's constant); the high bits are the good ones.
  return Math.imul(mixed, 0x9e3779b1) >>> 16;
}

function hashOfAddresses6(bytes: Uint8Array, at: number): number {
  let hash = 0;
  for (let word = 0; word < 32; word += 4) hash ^= readU32(bytes, at + word);
  return hash;
}
