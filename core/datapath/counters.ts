/**
 * Counters of the datapath in shared memory: each cell has one writing worker, the control plane only reads.
 * Where several workers share a direction, each writes a bank of its own, and reading an interface sums them up.
 *
 * Float64 cells, exact to 2⁵³; aligned 64-bit loads and stores are whole on x86-64 and arm64, so no Atomics are needed.
 * Slots are handed out by the control plane; a slot is cleared before it is given to another owner.
 * @module
 */
import { dropReasonCount } from './drop-reason.ts';

/** Cells of one interface; the drop reasons follow behind. Slot 0 collects what belongs to no interface. */
export const InterfaceCell = {
  outputPackets: 0,
  outputBytes: 1,
  inputPackets: 2,
  inputBytes: 3,
  lastOutputMs: 4,
  lastInputMs: 5,
  /** Marks left by RFC 6040's (!) and (!!!) cells. */
  ecnSuspicious: 6,
  /** Inner packets that got CE from the outer header. */
  ecnCongestion: 7,
  /** Dummy packets sent (RFC 4303 §2.6). */
  dummyPackets: 8,
  firstDrop: 9,
} as const;

/** Cells of one association. */
export const AssociationCell = {
  packets: 0,
  /** Whole outer packets, as NetBSD counts (netbsd-ipsecif §3.9, §4.1). */
  bytes: 1,
  lastUsedMs: 2,
  firstUsedMs: 3,
  /** Last sequence number sent, or the highest received. */
  sequence: 4,
  replayDrops: 5,
  authenticationFailures: 6,
  /** Outbound, written by the inbound worker: what ICMP told of the path's MTU, and when (path-mtu.ts packs both). */
  pathMtu: 7,
} as const;

/** How many interfaces a process can have, slot 0 included. */
export const interfaceSlots = 4096;
/** How many associations a process can have. */
export const associationSlots = 65536;

const interfaceStride = InterfaceCell.firstDrop + dropReasonCount;
const associationStride = 8;

/** Where a worker writes: numbers of banks. The first bank is everybody's where there is one worker a direction. */
export type CounterBanks = { readonly interfaces: number; readonly associations: number };

const firstBank: CounterBanks = { interfaces: 0, associations: 0 };

/** View of the shared counters; every thread makes its own over the same buffer. */
export class Counters {
  readonly buffer: SharedArrayBuffer;
  /** All cells; hot code indexes it with `interfaceBase` and `associationBase`. */
  readonly cells: Float64Array;
  readonly #interfaces: number;
  readonly #associations: number;
  readonly #banks: number;

  /** A view over `buffer`, or over fresh memory of one bank, for who writes `banks`. */
  constructor(buffer: SharedArrayBuffer = counterMemory(1), banks: CounterBanks = firstBank) {
    this.buffer = buffer;
    this.cells = new Float64Array(buffer);
    this.#interfaces = banks.interfaces * bankCells;
    this.#associations = banks.associations * bankCells + interfaceSlots * interfaceStride;
    this.#banks = this.cells.length / bankCells;
  }

  /** Index of the first cell of an interface in the writer's bank. */
  interfaceBase(slot: number): number {
    return this.#interfaces + slot * interfaceStride;
  }

  /** Index of the first cell of an association in the writer's bank. */
  associationBase(slot: number): number {
    return this.#associations + slot * associationStride;
  }

  /** Index of the first cell of an association in the first bank: what the control plane reads, and what workers tell each other. */
  commonBase(slot: number): number {
    return interfaceSlots * interfaceStride + slot * associationStride;
  }

  /** Count `packets` drops of an interface (slot 0: of none) under a reason's number. */
  countDrop(slot: number, reason: number, packets = 1): void {
    this.cells[this.#interfaces + slot * interfaceStride + InterfaceCell.firstDrop + reason]! += packets;
  }

  /** Drops so far under a reason's number. */
  drops(slot: number, reason: number): number {
    return this.total(slot, InterfaceCell.firstDrop + reason);
  }

  /** A cell of an interface, whoever wrote it: the sum of all banks. */
  total(slot: number, cell: number): number {
    let sum = 0;
    for (let at = slot * interfaceStride + cell; at < this.cells.length; at += bankCells) sum += this.cells[at]!;
    return sum;
  }

  /** A time of an interface, whoever wrote it: the last of all banks. */
  latest(slot: number, cell: number): number {
    let last = 0;
    for (let at = slot * interfaceStride + cell; at < this.cells.length; at += bankCells) {
      last = Math.max(last, this.cells[at]!);
    }
    return last;
  }

  /** Set a slot to zero before it gets a new owner. */
  clearInterface(slot: number): void {
    this.#clear(slot * interfaceStride, interfaceStride);
  }

  /** Set a slot to zero before it gets a new owner. */
  clearAssociation(slot: number): void {
    this.#clear(this.commonBase(slot), associationStride);
  }

  #clear(start: number, count: number): void {
    for (let bank = 0; bank < this.#banks; bank++) {
      const base = bank * bankCells + start;
      this.cells.fill(0, base, base + count);
    }
  }
}

const bankCells = interfaceSlots * interfaceStride + associationSlots * associationStride;

/** Memory for so many banks; what nobody writes takes none. */
export function counterMemory(banks: number): SharedArrayBuffer {
  return new SharedArrayBuffer(banks * bankCells * 8);
}
