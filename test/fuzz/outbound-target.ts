/**
 * The outbound loop under mutated inner packets and offload fields: it never throws, everything read is sent or dropped
 * under one reason, a super-packet as its segments, and its ICMP answers are whole packets.
 * @module
 */
import assert from 'node:assert/strict';
import { Counters, InterfaceCell } from '#core/datapath/counters.ts';
import { dropReasons } from '#core/datapath/drop-reason.ts';
import { IpHeader } from '#core/datapath/ip-header.ts';
import { Outbound } from '#core/datapath/outbound.ts';
import { SendRow, TunReadRow, TunWriteRow, type TunPort, type WirePort } from '#core/datapath/ports.ts';
import { GsoType, plainGsoType, repeatedHeaderLength } from '#core/datapath/super-packet.ts';
import { checkIpHeader, HeaderCheck } from '#core/ip/header-check.ts';
import {
  makeAssociation,
  makeInterface,
  makeSnapshot,
  nullShape,
  outer4,
  tokens,
} from '#test/support/test-datapath.ts';
import type { FuzzTarget } from './fuzz.ts';
import { mutate } from './mutation.ts';
import { PassingTransform } from './passing-transform.ts';
import type { Xorshift } from './xorshift.ts';

/** A packet to start from, with its offload fields. */
export type PacketTemplate = {
  readonly bytes: Uint8Array;
  readonly gsoType: number;
  readonly gsoSize: number;
  readonly checksum: { readonly start: number; readonly offset: number } | null;
};

const rowsPerBatch = 64;
const outboundReasons = Object.values(dropReasons).filter(({ direction }) => direction === 'outbound');
const slots: readonly number[] = [0, 1, 2];
const gsoTypes = [0, 1, 3, 4, 5, 0x81, 0x84, 255] as const;
const devices = [tokens.tun, tokens.tun, tokens.tun, 2, 99] as const;

/** Give this to `fuzz`. */
export class OutboundTarget implements FuzzTarget, WirePort, TunPort {
  readonly #random: Xorshift;
  readonly #templates: readonly PacketTemplate[];
  readonly #counters = new Counters();
  readonly #outbound: Outbound;
  readonly #accountCells: readonly number[];
  readonly #header = new IpHeader();
  #batches = 0;
  #read = 0;
  #sent = 0;
  #answers = 0;
  #isUnknownDevice = false;

  constructor(random: Xorshift, templates: readonly PacketTemplate[]) {
    this.#random = random;
    this.#templates = templates;
    const transforms = new PassingTransform(random);
    const ports = { tun: this, wire: this, transforms, counters: this.#counters, emit: () => {} };
    this.#outbound = new Outbound(ports, { fill: (out) => void out.fill(0) });
    const base = (slot: number): number => this.#counters.interfaceBase(slot);
    this.#accountCells = slots.flatMap((slot) => [
      base(slot) + InterfaceCell.outputPackets,
      ...outboundReasons.map(({ number }) => base(slot) + InterfaceCell.firstDrop + number),
    ]);
    this.#outbound.apply(makeEverything());
  }

  batch(): number {
    const device = this.#random.pick(devices);
    this.#isUnknownDevice = device === 99;
    const count = this.#outbound.pump(device, this.#batches++ * 1000);
    assert.equal(this.#accounted(), this.#read, 'sent + dropped by reason = read');
    return count;
  }

  /** The run has reached the wire, ICMP answers and many reasons. */
  finish(): void {
    const reached = Object.entries(dropReasons).filter(([, { number }]) =>
      slots.some((slot) => this.#counters.drops(slot, number) > 0),
    );
    assert.ok(this.#sent > this.#read / 20 && this.#answers > 1000, `${this.#sent} sent, ${this.#answers} answers`);
    assert.ok(reached.length >= 10, `reached only ${reached.map(([name]) => name).join(' ')}`);
  }

  read(_tun: number, arena: Uint8Array, rows: Int32Array): number {
    let offset = 0;
    for (let row = 0; row < rowsPerBatch; row++) offset += this.#makePacket(row, offset, arena, rows);
    return rowsPerBatch;
  }

  write(rows: Int32Array, count: number, arena: Uint8Array): void {
    for (let row = 0; row < count; row++) {
      const at = row * TunWriteRow.stride;
      const length = rows[at + TunWriteRow.length]!;
      assert.equal(checkIpHeader(arena, rows[at + TunWriteRow.offset]!, length, 0), HeaderCheck.valid);
      rows[at + TunWriteRow.result] = 0;
      this.#answers++;
    }
  }

  receive(): number {
    return 0;
  }

  /** Sometimes less than the interface's own MTU. */
  pathMtu(): number {
    return this.#random.below(4) === 0 ? this.#random.below(1500) : 1500;
  }

  send(rows: Int32Array, count: number): void {
    for (let row = 0; row < count; row++) {
      const at = row * SendRow.stride;
      const packets = Math.ceil(rows[at + SendRow.length]! / rows[at + SendRow.segmentBytes]!);
      const draw = this.#random.below(32);
      rows[at + SendRow.result] = draw === 0 ? -105 : draw === 1 ? packets >> 1 : packets;
      this.#sent += Math.max(0, rows[at + SendRow.result]!);
    }
  }

  #makePacket(row: number, offset: number, arena: Uint8Array, rows: Int32Array): number {
    const template = this.#random.pick(this.#templates);
    arena.set(template.bytes, offset);
    const draw = this.#random.next();
    let length = template.bytes.length;
    // A device gives at least one byte.
    if ((draw & 7) !== 0) length = Math.max(1, mutate(arena, offset, length, length + 64, this.#random));
    const at = row * TunReadRow.stride;
    const mayLie = (draw & 0x70) === 0;
    rows[at + TunReadRow.offset] = offset;
    rows[at + TunReadRow.length] = length;
    rows[at + TunReadRow.gsoType] = mayLie ? this.#random.pick(gsoTypes) : template.gsoType;
    rows[at + TunReadRow.gsoSize] = mayLie ? (draw >>> 16) % 1500 : template.gsoSize;
    rows[at + TunReadRow.needsChecksum] = template.checksum === null ? 0 : 1;
    rows[at + TunReadRow.csumStart] = mayLie ? draw >>> 16 : (template.checksum?.start ?? 0);
    rows[at + TunReadRow.csumOffset] = template.checksum?.offset ?? 0;
    this.#read += this.#isUnknownDevice ? 1 : this.#countSegments(at, arena, rows);
    return length;
  }

  /** How many packets a row stands for: one, unless it is a sound super-packet. */
  #countSegments(at: number, arena: Uint8Array, rows: Int32Array): number {
    const offset = rows[at + TunReadRow.offset]!;
    const length = rows[at + TunReadRow.length]!;
    const gsoType = plainGsoType(rows[at + TunReadRow.gsoType]!);
    const gsoSize = rows[at + TunReadRow.gsoSize]!;
    if (gsoType === GsoType.none || gsoSize === 0) return 1;
    if (this.#header.read(arena, offset, length, 0) !== HeaderCheck.valid) return 1;
    const headerBytes = repeatedHeaderLength(this.#header, arena, offset, gsoType);
    if (headerBytes < 0 || this.#header.totalLength !== length) return 1;
    return Math.ceil((length - headerBytes) / gsoSize);
  }

  #accounted(): number {
    const { cells } = this.#counters;
    let sum = 0;
    for (const cell of this.#accountCells) sum += cells[cell]!;
    return sum;
  }
}

/** Both families, an association that ends, one that is missing, and an interface without IPv6. */
function makeEverything(): ReturnType<typeof makeSnapshot> {
  const reverse = { source: outer4.local, destination: outer4.peer, socket: tokens.esp4 };
  const outbound = [
    makeAssociation({ ...nullShape, id: 1, slot: 1, spi: 0x2001, ...reverse }),
    makeAssociation({ ...nullShape, id: 2, slot: 2, spi: 0x2002, ...reverse, hardPackets: 50_000 }),
  ];
  const policy = { action: 'protect', outboundSpid: 2, outboundAssociation: 1, inboundReqid: 0 } as const;
  const interfaces = [
    makeInterface({
      pathMtuDiscovery: true,
      ipv4: policy,
      ipv6: { ...policy, outboundSpid: 4, outboundAssociation: 2 },
    }),
    makeInterface({
      slot: 2,
      name: 'ipsec1',
      tun: 2,
      forwardsIpv6: false,
      ipv4: { ...policy, outboundSpid: 6, outboundAssociation: -1 },
    }),
  ];
  return makeSnapshot({ interfaces, outbound, inbound: [] });
}
