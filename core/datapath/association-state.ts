/**
 * What a worker remembers of an association between packets, kept by SA id across snapshots: a snapshot that repeats an
 * SA never restarts its sequence numbers, IVs or replay window (RFC 4303 §3.3.3, RFC 4106 §3.1).
 *
 * One worker owns one table: outbound states belong to the outbound worker, replay windows to the inbound one.
 * @module
 */
import { largestWindow, ReplayWindow, type ReplayWindowView } from '#core/esp/replay-window.ts';
import { Interval } from './rate-limit.ts';
import { EsnFailures } from './receiving/esn-retry.ts';
import { IvSequence } from './iv-sequence.ts';
import { PathMtu } from './path-mtu.ts';
import { PeerPlace } from './receiving/peer-place.ts';
import { SharedWindow } from './sharing/shared-window.ts';
import type { SnapshotAssociation } from './snapshot.ts';

/** Largest number that a 32-bit SA may carry (RFC 4303 §3.3.3). */
export const lastSequence32 = 0xffffffff;
/** Largest number kept for an ESN SA: exact in a JS number, and out of reach (style rule 43). */
export const lastSequenceEsn = Number.MAX_SAFE_INTEGER;

/** How often an SA may ask for IVs again, and say again that it is exhausted. */
const repeatMs = 1000;

/** Sequence numbers of which the nesting depth is remembered; a power of two. */
export const depthRing = 1024;

/** Mutable state of one outbound association. */
export class OutboundState {
  /**
   * Last number given out; the first packet carries 1. From the start a number, not undefined: only then V8 changes one
   * above 2³¹ in its place, and does not allocate 16 bytes for each.
   */
  sequence = 0;
  readonly iv = new IvSequence();
  readonly ivRequest = new Interval(repeatMs);
  readonly exhaustedReport = new Interval(repeatMs);
  readonly path = new PathMtu();
  #depths: Uint8Array | null;

  /** `depths` is where several workers that send on the association remember its depths. */
  constructor(association: SnapshotAssociation, depths: Uint8Array | null = null) {
    this.sequence = association.initialSequence;
    this.#depths = depths;
  }

  /** Remember that `count` packets from `first` on carry packets nested `depth` deep. Costs nothing while depth is 0. */
  recordDepth(first: number, count: number, depth: number): void {
    if (this.#depths === null) {
      if (depth === 0) return;
      this.#depths = new Uint8Array(depthRing);
    }
    const entries = Math.min(count, depthRing);
    for (let index = count - entries; index < count; index++) this.#depths[(first + index) % depthRing] = depth;
  }

  /** Nesting depth of the packet with this low word of the sequence number. */
  depthOf(sequenceLow: number): number {
    return this.#depths === null ? 0 : this.#depths[sequenceLow % depthRing]!;
  }
}

/** Mutable state of one inbound association. */
export class InboundState {
  /** Null where the association has no replay check. */
  readonly window: ReplayWindow | null;
  /** Where several workers receive: what they tell each other. */
  readonly shared: SharedWindow | null;
  /** Highest authenticated number. A number from the start, as `OutboundState.sequence`. */
  highest = 0;
  /** Failed integrity checks in a row; looked at with ESN only. */
  readonly failures = new EsnFailures();
  /** Where the peer is; only associations in UDP, of interfaces that follow their peer, have it looked at. */
  readonly peer = new PeerPlace();

  constructor(association: SnapshotAssociation) {
    const { replayWindow, initialSequence, sharedWindow } = association;
    this.highest = initialSequence;
    if (sharedWindow === undefined) {
      this.shared = null;
      this.window = replayWindow === 0 ? null : new ReplayWindow(replayWindow, initialSequence);
    } else {
      this.shared = new SharedWindow(sharedWindow);
      this.window = SharedWindow.windowOver(sharedWindow, association);
    }
  }

  /** W; without a window the high word is inferred as if it had the largest, so that reordering is no loss. */
  get windowSize(): number {
    return this.window?.size ?? largestWindow;
  }

  /** What the replay window has seen; null where there is none. Allocates: not for each packet. */
  viewWindow(): ReplayWindowView | null {
    this.shared?.read(this);
    return this.window?.view() ?? null;
  }
}

/** States by SA id. */
export class StateTable<State> {
  #states = new Map<number, State>();
  readonly #create: (association: SnapshotAssociation) => State;

  constructor(create: (association: SnapshotAssociation) => State) {
    this.#create = create;
  }

  /** The state of an association; undefined where it is not among the last that were retained. */
  get(id: number): State | undefined {
    return this.#states.get(id);
  }

  /** States for exactly these associations, in order; those that are gone are forgotten: ids are never used twice. */
  retain(associations: readonly SnapshotAssociation[]): readonly State[] {
    const kept = new Map<number, State>();
    const states = associations.map((association) => {
      const state = this.#states.get(association.id) ?? this.#create(association);
      kept.set(association.id, state);
      return state;
    });
    this.#states = kept;
    return states;
  }
}
