/**
 * What numbers say of inbound packets, before and after they have verified: the replay check, which changes nothing, and
 * stage 6, in which an authentic packet, or a run of them, moves window and lifetime of its association (RFC 4303 §3.4.3,
 * RFC 4301 §4.4.2.1).
 *
 * Numbers lie in a column, and packets are named by their index: a number above 2³¹ that is passed on is allocated, 16 bytes.
 * @module
 */
import { AssociationCell, type Counters } from '#core/datapath/counters.ts';
import { inboundDrop as reason, passed } from '#core/datapath/drop-number.ts';
import type { InboundAssociation } from '#core/datapath/inbound-table.ts';
import { extendSequence, noSequence, sequenceLowWord } from '#core/esp/extended-sequence.ts';
import { ReplayVerdict } from '#core/esp/replay-window.ts';

/** Accepts the packets of one inbound loop. */
export class Acceptance {
  /** The number that was accepted last is higher than all before. */
  isNewest = false;
  readonly #counters: Counters;
  readonly #sequences: Float64Array;

  /** `sequences` has the number of each packet, or `noSequence`. */
  constructor(counters: Counters, sequences: Float64Array) {
    this.#counters = counters;
    this.#sequences = sequences;
  }

  /** Whether the number of packet `index` may be accepted; `passed` or a reason. Changes nothing but the count of replays. */
  check(association: InboundAssociation, index: number): number {
    const sequence = this.#sequences[index]!;
    if (sequence === noSequence) return reason.esnRange;
    const { window } = association.state;
    if (window === null) return passed;
    if (sequence === 0) return reason.seqZero;
    const verdict = window.canAcceptAt(this.#sequences, index);
    if (verdict === ReplayVerdict.accepted) return passed;
    this.countOne(association, AssociationCell.replayDrops);
    return verdict === ReplayVerdict.duplicate ? reason.replayDup : reason.replayOld;
  }

  /** Whether the number of packet `index`, and so each after it, is higher than all that the window has seen. */
  isAhead({ state }: InboundAssociation, index: number): boolean {
    return state.window === null || this.#sequences[index]! > state.window.top;
  }

  /**
   * Whether the numbers that follow that of packet `index` would be inferred as such. Inferring has one threshold: what is so
   * at both ends of a run is so in between.
   */
  areInferred(association: InboundAssociation, index: number, followers: number): boolean {
    const last = this.#sequences[index]! + followers;
    return extendSequence(sequenceLowWord(last), association.state.highest, association.state.windowSize) === last;
  }

  /** Packet `index` is authentic: `passed` or a reason. Where several workers receive, one of them at a time. */
  take(association: InboundAssociation, index: number, innerBytes: number, now: number): number {
    const { state } = association;
    if (state.shared === null) return this.#take(association, index, innerBytes, now);
    state.shared.acquire(state);
    const dropped = this.#take(association, index, innerBytes, now);
    state.shared.release(state);
    return dropped;
  }

  /**
   * `count` packets, packet `index` the first, are authentic. False, and nothing changed, unless all are ahead of the window
   * and within the lifetime.
   */
  takeRun(association: InboundAssociation, index: number, count: number, innerBytes: number, now: number): boolean {
    const { state } = association;
    if (state.shared === null) return this.#takeRun(association, index, count, innerBytes, now);
    state.shared.acquire(state);
    const isTaken = this.#takeRun(association, index, count, innerBytes, now);
    state.shared.release(state);
    return isTaken;
  }

  /** One more in a cell of an association. */
  countOne({ slot, state }: InboundAssociation, cell: number): void {
    const { shared } = state;
    const isAlone = shared === null || shared.isHeld;
    if (!isAlone) shared.acquire(state);
    this.#counters.cells[this.#counters.associationBase(slot) + cell]! += 1;
    if (!isAlone) shared.release(state);
  }

  /** The number is checked again, since one batch may repeat one. */
  #take(association: InboundAssociation, index: number, innerBytes: number, now: number): number {
    const repeated = this.check(association, index);
    if (repeated !== passed) return repeated;
    association.state.window?.markAt(this.#sequences, index);
    this.#noteHighest(association, index, 1);
    if (!this.#hasLifetime(association, 1, innerBytes)) return reason.expired;
    this.#count(association, 1, innerBytes, now);
    return passed;
  }

  #takeRun(association: InboundAssociation, index: number, count: number, innerBytes: number, now: number): boolean {
    if (!this.isAhead(association, index) || !this.#hasLifetime(association, count, innerBytes)) return false;
    association.state.window?.markRun(this.#sequences, index, count);
    this.#noteHighest(association, index, count);
    this.#count(association, count, innerBytes, now);
    return true;
  }

  /** Whether `count` packets more, of so many bytes each, stay within the hard limits. */
  #hasLifetime(association: InboundAssociation, count: number, innerBytes: number): boolean {
    const { hardBytes, hardPackets, outerBytes, slot } = association;
    const { cells } = this.#counters;
    const base = this.#counters.associationBase(slot);
    if (hardPackets > 0 && cells[base + AssociationCell.packets]! + count > hardPackets) return false;
    return hardBytes === 0 || cells[base + AssociationCell.bytes]! + count * (outerBytes + innerBytes) <= hardBytes;
  }

  #noteHighest({ state, slot }: InboundAssociation, index: number, count: number): void {
    const last = this.#sequences[index]! + count - 1;
    this.isNewest = last > state.highest;
    if (this.isNewest) state.highest = last;
    this.#counters.cells[this.#counters.associationBase(slot) + AssociationCell.sequence] = state.highest;
  }

  #count({ outerBytes, slot }: InboundAssociation, count: number, innerBytes: number, now: number): void {
    const { cells } = this.#counters;
    const base = this.#counters.associationBase(slot);
    cells[base + AssociationCell.packets]! += count;
    cells[base + AssociationCell.bytes]! += count * (outerBytes + innerBytes);
    cells[base + AssociationCell.lastUsedMs] = now;
    if (cells[base + AssociationCell.firstUsedMs] === 0) cells[base + AssociationCell.firstUsedMs] = now;
  }
}
