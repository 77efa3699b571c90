/**
 * The inbound loop under mutated messages: it never throws, every datagram is accepted or dropped under one reason, and what
 * it writes to a device is whole IP packets.
 * @module
 */
import assert from 'node:assert/strict';
import { writeU32 } from '#core/base/bytes.ts';
import { Counters, InterfaceCell } from '#core/datapath/counters.ts';
import { dropReasons } from '#core/datapath/drop-reason.ts';
import { Inbound } from '#core/datapath/inbound.ts';
import {
  AddressEntry,
  ReceiveRow,
  receiveSlotBytes,
  TunWriteRow,
  type TunPort,
  type WirePort,
} from '#core/datapath/ports.ts';
import { checkIpHeader, HeaderCheck } from '#core/ip/header-check.ts';
import { makeAssociation, makeInterface, makeSnapshot, outer4, outer6 } from '#test/support/test-datapath.ts';
import type { FuzzTarget } from './fuzz.ts';
import { mutate } from './mutation.ts';
import { PassingTransform } from './passing-transform.ts';
import type { Xorshift } from './xorshift.ts';

/** A message to start from. */
export type MessageTemplate = {
  readonly bytes: Uint8Array;
  /** Where the sequence number lies, -1 where there is none; most inputs get a fresh one, so that windows let them in. */
  readonly sequenceAt: number;
};

/** What a socket gives. */
export type SocketPlan = {
  readonly token: number;
  readonly family: 4 | 6;
  /** -1: the IP header is in front of each message. */
  readonly tos: number;
  readonly isUdp: boolean;
  readonly templates: readonly MessageTemplate[];
};

/** SPIs of the associations: plain, extended sequence numbers, no window and lifetime, UDP, unchecked padding. */
export const spis = [0x1001, 0x1002, 0x1003, 0x1004, 0x1005] as const;

const inboundReasons = Object.values(dropReasons).filter(({ direction }) => direction === 'inbound');
const slots: readonly number[] = [0, 1, 2, 3];
/** Batches after which all associations are replaced by fresh ones: mutated numbers have moved their windows far ahead. */
const freshEvery = 8;

/** Give this to `fuzz`. */
export class InboundTarget implements FuzzTarget, WirePort, TunPort {
  readonly #random: Xorshift;
  readonly #plan: SocketPlan;
  readonly #counters = new Counters();
  readonly #inbound: Inbound;
  readonly #accountCells: readonly number[];
  #batches = 0;
  #sequence = 0;
  #received = 0;
  #written = 0;

  constructor(random: Xorshift, plan: SocketPlan) {
    this.#random = random;
    this.#plan = plan;
    const transforms = new PassingTransform(random);
    this.#inbound = new Inbound({ tun: this, wire: this, transforms, counters: this.#counters, emit: () => {} });
    const base = (slot: number): number => this.#counters.interfaceBase(slot);
    this.#accountCells = slots.flatMap((slot) => [
      base(slot) + InterfaceCell.inputPackets,
      ...inboundReasons.map(({ number }) => base(slot) + InterfaceCell.firstDrop + number),
    ]);
  }

  batch(): number {
    if (this.#batches % freshEvery === 0) this.#refresh();
    this.#batches++;
    const messages = this.#inbound.pump(this.#plan.token, this.#batches);
    assert.equal(this.#accounted(), this.#received, 'accepted + dropped by reason = received');
    return messages;
  }

  /** The run has reached acceptance and many reasons. */
  finish(): void {
    const reached = Object.entries(dropReasons).filter(([, { number }]) =>
      slots.some((slot) => this.#counters.drops(slot, number) > 0),
    );
    assert.ok(this.#written > this.#received / 20, `${this.#written} of ${this.#received} accepted`);
    assert.ok(reached.length >= 18, `reached only ${reached.map(([name]) => name).join(' ')}`);
    assert.equal(this.#accepted(), this.#written);
  }

  receive(_socket: number, arena: Uint8Array, rows: Int32Array, senders: Uint8Array, maxMessages: number): number {
    for (let message = 0; message < maxMessages; message++) this.#makeMessage(message, arena, rows, senders);
    return maxMessages;
  }

  send(): void {
    assert.fail('the inbound loop sends nothing');
  }

  read(): number {
    return 0;
  }

  pathMtu(): number {
    return 1500;
  }

  write(rows: Int32Array, count: number, arena: Uint8Array): void {
    for (let row = 0; row < count; row++) {
      const at = row * TunWriteRow.stride;
      const length = rows[at + TunWriteRow.length]!;
      const check = checkIpHeader(arena, rows[at + TunWriteRow.offset]!, length, 0);
      if (check !== HeaderCheck.valid) assert.fail(`wrote a packet that is none: ${check}`);
      const isRefused = this.#random.below(64) === 0;
      rows[at + TunWriteRow.result] = isRefused ? -5 : 0;
      if (!isRefused) this.#written++;
    }
  }

  #makeMessage(message: number, arena: Uint8Array, rows: Int32Array, senders: Uint8Array): void {
    const { templates, tos, isUdp } = this.#plan;
    const template = this.#random.pick(templates);
    const offset = message * receiveSlotBytes;
    arena.set(template.bytes, offset);
    const draw = this.#random.next();
    if (template.sequenceAt >= 0 && (draw & 3) !== 0) writeU32(arena, offset + template.sequenceAt, ++this.#sequence);
    let length = template.bytes.length;
    if ((draw & 0x0c) !== 0) length = mutate(arena, offset, length, receiveSlotBytes, this.#random);
    let segment = length;
    // A merged message: the same again and again, the last one cut.
    if (isUdp && (draw & 0xe0) === 0 && length > 0) {
      arena.copyWithin(offset + length, offset, offset + length);
      length += this.#random.below(length);
    }
    if ((draw & 0x3f00) === 0) segment = this.#random.below(length + 2);
    const at = message * ReceiveRow.stride;
    rows[at + ReceiveRow.offset] = offset;
    rows[at + ReceiveRow.length] = length;
    rows[at + ReceiveRow.segmentBytes] = segment;
    rows[at + ReceiveRow.tos] = tos < 0 ? tos : draw >>> 24;
    rows[at + ReceiveRow.truncated] = (draw & 0x7f_0000) === 0 ? 1 : 0;
    rows[at + ReceiveRow.flowLabel] = -1;
    this.#makeSender(message, senders, draw);
    this.#received += segment > 0 ? Math.max(1, Math.ceil(length / segment)) : 1;
  }

  #makeSender(message: number, senders: Uint8Array, draw: number): void {
    const { family, isUdp } = this.#plan;
    const entry = message * AddressEntry.stride;
    senders.set(family === 4 ? outer4.peer : outer6.peer, entry);
    if ((draw & 0x1f0) === 0) senders[entry]! ^= 1;
    senders[entry + AddressEntry.port] = isUdp ? 4500 >>> 8 : 0;
    senders[entry + AddressEntry.port + 1] = isUdp ? (4500 & 0xff) ^ ((draw & 0xf80_0000) === 0 ? 1 : 0) : 0;
    senders[entry + AddressEntry.family] = family;
  }

  #accounted(): number {
    const { cells } = this.#counters;
    let sum = 0;
    for (const cell of this.#accountCells) sum += cells[cell]!;
    return sum;
  }

  #accepted(): number {
    const { cells } = this.#counters;
    return slots.reduce(
      (sum, slot) => sum + cells[this.#counters.interfaceBase(slot) + InterfaceCell.inputPackets]!,
      0,
    );
  }

  /** The same five associations under ids that were never used. */
  #refresh(): void {
    const { family, isUdp } = this.#plan;
    const { peer, local } = family === 4 ? outer4 : outer6;
    const udp = isUdp ? { sourcePort: 4500, destinationPort: 4500 } : null;
    const id = this.#batches * spis.length;
    const base = { family, source: peer, destination: local, ivBytes: 0, icvBytes: 0, hasCounterIv: false, udp };
    const changes = [
      {},
      { hasEsn: true },
      { replayWindow: 0, hardPackets: 200_000 },
      { udp: null },
      { checksPadding: false },
    ];
    const inbound = spis.map((spi, index) =>
      makeAssociation({ ...base, id: id + index, slot: index, spi, reqid: index < 3 ? 7 : 0, ...changes[index] }),
    );
    const outer = family === 4 ? outer4 : outer6;
    const ports = isUdp ? { localPort: 4500, peerPort: 4500 } : {};
    const policy = { action: 'protect', outboundSpid: 2, outboundAssociation: -1 } as const;
    const interfaces = [
      makeInterface({ outer: { ...outer, ...ports }, followsPeer: true, ipv6: { ...policy, inboundReqid: 7 } }),
      makeInterface({
        slot: 2,
        name: 'ipsec1',
        tun: 2,
        outer: { ...outer, peer: otherPeer(peer) },
        forwardsIpv6: false,
      }),
    ];
    this.#sequence = 0;
    this.#inbound.apply(makeSnapshot({ interfaces, inbound, outbound: [] }));
  }
}

function otherPeer(peer: Uint8Array): Uint8Array {
  const other = peer.slice();
  other[0]! ^= 1;
  return other;
}
