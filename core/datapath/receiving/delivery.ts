/**
 * The end of the inbound way: an authentic packet that belongs to an interface is held against policy and selectors,
 * gets its ECN field, and is written to the device with its batch (RFC 4301 §5.2, RFC 6040 §4.2).
 * @module
 */
import { OpenRow } from '#core/crypto/transform.ts';
import { applyEcnEgress, EcnEgress, ecnMask } from '#core/ip/ecn.ts';
import { checkIpHeader, HeaderCheck, ipPacketLength } from '#core/ip/header-check.ts';
import { InterfaceCell } from '#core/datapath/counters.ts';
import { inboundDrop as reason, passed } from '#core/datapath/drop-number.ts';
import { fitsPolicy } from './interface-match.ts';
import type { DatapathPorts } from '#core/datapath/outbound.ts';
import { TunWriteRow } from '#core/datapath/ports.ts';
import { IntervalTable } from '#core/datapath/rate-limit.ts';
import { QuotedPacket, QuoteVerdict } from './quoted-packet.ts';
import { fitsSelectors } from './selector-check.ts';
import type { Snapshot, SnapshotInterface, SnapshotSelector } from '#core/datapath/snapshot.ts';

/** Log lines about ECN, of one interface. */
const ecnLogMs = 10_000;

/** What an association says about the inner packets that it may carry. */
type Carrier = { readonly reqid: number; readonly selectors?: readonly SnapshotSelector[] | undefined };

/** Stages 8 and 9 of one inbound loop. */
export class Delivery {
  readonly #ports: DatapathPorts;
  readonly #drop: (slot: number, dropped: number) => void;
  readonly #rows: Int32Array;
  readonly #slots: Uint16Array;
  readonly #ecnLogs = new IntervalTable(ecnLogMs);
  readonly #quoted = new QuotedPacket();
  #logsEcn = false;
  /** The interface and reqid of the packet before, and the answer to each inner family: a reason, or `passed`. */
  #row: SnapshotInterface | null = null;
  #reqid = 0;
  #refusal4 = passed;
  #refusal6 = passed;
  #count = 0;

  /** `drop` hears of packets that the device refuses. */
  constructor(ports: DatapathPorts, maxPackets: number, drop: (slot: number, dropped: number) => void) {
    this.#ports = ports;
    this.#drop = drop;
    this.#rows = new Int32Array(maxPackets * TunWriteRow.stride);
    this.#slots = new Uint16Array(maxPackets);
  }

  /** What of a snapshot matters here. */
  apply(snapshot: Snapshot): void {
    this.#logsEcn = snapshot.logsEcn ?? true;
    this.#ecnLogs.retain(() => snapshot.interfaces.map((row) => row.slot));
  }

  /** Take the inner packet at `offset`, with its `TunWriteRow.sum`, for an interface, or give the reason against it. */
  take(
    sa: Carrier,
    row: SnapshotInterface,
    arena: Uint8Array,
    offset: number,
    length: number,
    family: 4 | 6,
    outerTos: number,
    sum: number,
    now: number,
  ): number {
    const closed = this.#refusal(sa, row, family);
    if (closed !== passed) return closed;
    const check = checkIpHeader(arena, offset, length, family);
    if (check === HeaderCheck.short) return reason.innerShort;
    if (check === HeaderCheck.version) return reason.innerVersion;
    if (check !== HeaderCheck.valid) return reason.innerHeader;
    const refused =
      sa.selectors === undefined ? passed : this.#checkSelectors(sa.selectors, arena, offset, length, family);
    if (refused !== passed) return refused;
    // A mark of Not-ECT outside, which link1 off always sends, changes no inner mark and is never suspicious.
    if ((outerTos & ecnMask) !== 0) {
      const marked = this.#carryEcn(row, arena, offset, outerTos, now);
      if (marked !== passed) return marked;
    }
    this.#add(row, offset, ipPacketLength(arena, offset), sum, 1);
    return passed;
  }

  /** Whether packets of this association may be taken without looking at each: none is held against selectors, or has a mark to carry inwards. */
  mayTakeRun({ selectors }: Carrier, outerTos: number): boolean {
    return selectors === undefined && (outerTos & ecnMask) === 0;
  }

  /**
   * Whether packets that are like the one at `offset` may be taken without looking at each: none is refused, held against
   * selectors, or has a mark to carry inwards.
   */
  takesRun(
    sa: Carrier,
    row: SnapshotInterface,
    arena: Uint8Array,
    offset: number,
    length: number,
    family: 4 | 6,
    outerTos: number,
  ): boolean {
    if (!this.mayTakeRun(sa, outerTos)) return false;
    if (this.#refusal(sa, row, family) !== passed) return false;
    return checkIpHeader(arena, offset, length, family) === HeaderCheck.valid;
  }

  /** Take the packets of `count` opened rows from `index` on, which `takesRun` said yes to. */
  addRun(row: SnapshotInterface, arena: Uint8Array, opened: Int32Array, index: number, count: number): void {
    const first = index * OpenRow.stride;
    const packetBytes = ipPacketLength(arena, opened[first + OpenRow.outOffset]!);
    for (let at = first; at < first + count * OpenRow.stride;) {
      const packets = Math.max(1, opened[at + OpenRow.outJoined]!);
      this.#add(row, opened[at + OpenRow.outOffset]!, packetBytes, opened[at + OpenRow.outSum]!, packets);
      at += packets * OpenRow.stride;
    }
  }

  /** What the interface says to inner packets of this association: `passed` or a reason. */
  #refusal(sa: Carrier, row: SnapshotInterface, family: 4 | 6): number {
    if (row !== this.#row || sa.reqid !== this.#reqid) this.#askInterface(row, sa.reqid);
    return family === 4 ? this.#refusal4 : this.#refusal6;
  }

  /** What the interface says to packets of this reqid does not change from packet to packet. */
  #askInterface(row: SnapshotInterface, reqid: number): void {
    this.#row = row;
    this.#reqid = reqid;
    this.#refusal4 = refusalOf(row, reqid, 4);
    this.#refusal6 = refusalOf(row, reqid, 6);
  }

  /** RFC 4301 §5.2 step 4; of an ICMP error the packet that it quotes counts (§6.2). */
  #checkSelectors(
    selectors: readonly SnapshotSelector[],
    arena: Uint8Array,
    offset: number,
    length: number,
    family: 4 | 6,
  ): number {
    const quote = this.#quoted.check(selectors, arena, offset, length, family);
    if (quote === QuoteVerdict.fits) return passed;
    if (quote === QuoteVerdict.refused) return reason.icmpQuote;
    return fitsSelectors(selectors, arena, offset, family) ? passed : reason.policy;
  }

  /** Write what was taken. */
  flush(arena: Uint8Array, now: number): void {
    if (this.#count === 0) return;
    this.#ports.tun.write(this.#rows, this.#count, arena);
    let start = 0;
    for (let index = 1; index <= this.#count; index++) {
      if (index < this.#count && this.#slots[index] === this.#slots[start]) continue;
      this.#countRun(start, index, now);
      start = index;
    }
    this.#count = 0;
  }

  /** Count a run of rows of one interface. */
  #countRun(start: number, end: number, now: number): void {
    const slot = this.#slots[start]!;
    let packets = 0;
    let bytes = 0;
    for (let at = start * TunWriteRow.stride; at < end * TunWriteRow.stride; at += TunWriteRow.stride) {
      const wanted = this.#rows[at + TunWriteRow.packets]!;
      const result = this.#rows[at + TunWriteRow.result]!;
      const refused = result < 0 ? wanted : result;
      for (let one = 0; one < refused; one++) this.#drop(slot, reason.tunWrite);
      packets += wanted - refused;
      bytes += (wanted - refused) * this.#rows[at + TunWriteRow.length]!;
    }
    if (packets === 0) return;
    const { cells } = this.#ports.counters;
    const base = this.#ports.counters.interfaceBase(slot);
    cells[base + InterfaceCell.inputPackets]! += packets;
    cells[base + InterfaceCell.inputBytes]! += bytes;
    cells[base + InterfaceCell.lastInputMs] = now;
  }

  /** RFC 6040 §4.2: the outer mark is carried inwards. */
  #carryEcn(row: SnapshotInterface, arena: Uint8Array, offset: number, outerTos: number, now: number): number {
    const verdict = applyEcnEgress(arena, offset, outerTos);
    if ((verdict & (EcnEgress.unusual | EcnEgress.dangerous)) !== 0) this.#noteEcn(row, verdict, now);
    if ((verdict & EcnEgress.drop) !== 0) return reason.ecn;
    if ((verdict & EcnEgress.congestion) !== 0) {
      this.#ports.counters.cells[this.#ports.counters.interfaceBase(row.slot) + InterfaceCell.ecnCongestion]! += 1;
    }
    return passed;
  }

  /** RFC 6040 §4.2: count every suspicious combination, and log it within a rate where that is wanted. */
  #noteEcn(row: SnapshotInterface, verdict: number, now: number): void {
    const { counters } = this.#ports;
    counters.cells[counters.interfaceBase(row.slot) + InterfaceCell.ecnSuspicious]! += 1;
    if (!this.#logsEcn || !this.#ecnLogs.take(row.slot, now)) return;
    const mark = (verdict & EcnEgress.dangerous) !== 0 ? 'dangerous' : 'unusual';
    this.#ports.emit({ kind: 'log', message: `${row.name}: ${mark} combination of inner and outer ECN (RFC 6040)` });
  }

  /** TFC padding behind the inner packet is left out (RFC 4303 §2.7). */
  #add(row: SnapshotInterface, offset: number, packetBytes: number, sum: number, packets: number): void {
    const at = this.#count * TunWriteRow.stride;
    this.#rows[at + TunWriteRow.tun] = row.tun;
    this.#rows[at + TunWriteRow.offset] = offset;
    this.#rows[at + TunWriteRow.length] = packetBytes;
    this.#rows[at + TunWriteRow.sum] = sum;
    this.#rows[at + TunWriteRow.packets] = packets;
    this.#rows[at + TunWriteRow.result] = 0;
    this.#slots[this.#count] = row.slot;
    this.#count++;
  }
}

/** Whether the interface takes inner packets of a family from associations of this reqid: `passed`, or the reason against. */
function refusalOf(row: SnapshotInterface, reqid: number, family: 4 | 6): number {
  if (!row.isUp) return reason.interfaceDown;
  if (family === 6 && !row.forwardsIpv6) return reason.ipv6Disabled;
  return fitsPolicy(family === 4 ? row.ipv4 : row.ipv6, reqid) ? passed : reason.policy;
}
