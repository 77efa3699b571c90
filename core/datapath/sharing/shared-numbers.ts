/**
 * Sequence numbers, lifetimes and counts of associations that several workers send on (RFC 4303 §3.3.3).
 *
 * A worker decides packets by its own counters, which know what it knew when it last took numbers, and numbers them
 * provisionally. When the batch is sealed it takes the real numbers for all of it at once, under the lock of the line,
 * and checks the limits again by the common counters: those are the truth. So no number is given out twice, none is left
 * out, no limit is passed, and a batch costs one lock however many packets it has.
 *
 * IVs need no such thing: each worker has high words of its own (worker-share.ts).
 * @module
 */
import { SealRow } from '#core/crypto/transform.ts';
import { sequenceHigh } from '#core/esp/extended-sequence.ts';
import { AssociationCell, associationSlots, type Counters } from '#core/datapath/counters.ts';
import { depthRing } from '#core/datapath/association-state.ts';
import { outboundDrop as reason, passed } from '#core/datapath/drop-number.ts';
import type { OutboundAssociation } from '#core/datapath/outbound-table.ts';
import type { BatchLine } from '#core/datapath/sending/seal-queue.ts';
import type { LinePlace } from './line-place.ts';

/** Handle of no transform: what is refused is not sealed. */
const noTransform = -1;

/** Memory for the nesting depths of all associations; what nobody writes takes none. */
export function depthMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(associationSlots * depthRing);
}

/** What is needed of a place in the line. */
export type NumberPlace = Pick<LinePlace, 'arena' | 'begin' | 'end' | 'leave'>;

/** Numbers for the batches of one of several outbound workers. */
export class SharedNumbers implements BatchLine {
  readonly #place: NumberPlace;
  readonly #counters: Counters;
  readonly #depths: SharedArrayBuffer;
  // Of each job of the batch in hand.
  readonly #bytes: Float64Array;
  readonly #nesting: Uint8Array;
  readonly #refusals: Uint8Array;

  /** `counters` is the worker's view: its own bank, and the first as the common one. */
  constructor(place: NumberPlace, counters: Counters, depths: SharedArrayBuffer, maxJobs: number) {
    this.#place = place;
    this.#counters = counters;
    this.#depths = depths;
    this.#bytes = new Float64Array(maxJobs);
    this.#nesting = new Uint8Array(maxJobs);
    this.#refusals = new Uint8Array(maxJobs);
  }

  get arena(): Uint8Array {
    return this.#place.arena;
  }

  depthsOf(slot: number): Uint8Array {
    return new Uint8Array(this.#depths, slot * depthRing, depthRing);
  }

  note(job: number, bytes: number, depth: number): void {
    this.#bytes[job] = bytes;
    this.#nesting[job] = depth;
  }

  number(jobs: Int32Array, count: number, associations: readonly OutboundAssociation[], now: number): void {
    const isHeld = this.#place.begin();
    for (let job = 0; job < count; job++) {
      const association = associations[job];
      if (association === undefined) continue;
      const dropped = isHeld ? this.#take(jobs, job, association, now) : reason.send;
      this.#refusals[job] = dropped;
      if (dropped !== passed) jobs[job * SealRow.stride + SealRow.transform] = noTransform;
    }
    if (isHeld) this.#place.end();
  }

  refusal(job: number): number {
    return this.#refusals[job]!;
  }

  leave(): void {
    this.#place.leave();
  }

  /** Numbers for one job, or the reason why it gets none. */
  #take(jobs: Int32Array, job: number, association: OutboundAssociation, now: number): number {
    const { sa, state } = association;
    const { cells } = this.#counters;
    const common = this.#counters.commonBase(sa.slot);
    const at = job * SealRow.stride;
    const segments = jobs[at + SealRow.segmentCount]!;
    const last = Math.max(cells[common + AssociationCell.sequence]!, sa.initialSequence);
    const packets = cells[common + AssociationCell.packets]! + segments;
    const bytes = cells[common + AssociationCell.bytes]! + this.#bytes[job]!;
    let dropped: number = passed;
    if ((sa.hardPackets > 0 && packets > sa.hardPackets) || (sa.hardBytes > 0 && bytes > sa.hardBytes)) {
      dropped = reason.expired;
    } else if (last + segments > association.lastSequence) {
      dropped = reason.seqOverflow;
    } else {
      cells[common + AssociationCell.packets] = packets;
      cells[common + AssociationCell.bytes] = bytes;
      cells[common + AssociationCell.sequence] = last + segments;
      cells[common + AssociationCell.lastUsedMs] = now;
      if (cells[common + AssociationCell.firstUsedMs] === 0) cells[common + AssociationCell.firstUsedMs] = now;
      jobs[at + SealRow.sequenceLow] = last + 1;
      jobs[at + SealRow.sequenceHigh] = sequenceHigh(last + 1);
      state.recordDepth(last + 1, segments, this.#nesting[job]!);
    }
    this.#learn(association, common);
    return dropped;
  }

  /** From now on the worker decides by what is true now. */
  #learn({ sa, state }: OutboundAssociation, common: number): void {
    const { cells } = this.#counters;
    const own = this.#counters.associationBase(sa.slot);
    state.sequence = Math.max(cells[common + AssociationCell.sequence]!, sa.initialSequence);
    cells[own + AssociationCell.packets] = cells[common + AssociationCell.packets]!;
    cells[own + AssociationCell.bytes] = cells[common + AssociationCell.bytes]!;
    cells[own + AssociationCell.sequence] = state.sequence;
  }
}
