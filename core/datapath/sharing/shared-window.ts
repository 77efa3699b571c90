/**
 * The replay window of an association that several inbound workers receive on, in shared memory: its words, its top and
 * a lock (RFC 4303 §3.4.3).
 *
 * As a rule one worker receives all packets of a peer (the kernel spreads senders, or SPIs, over the sockets). But a peer
 * behind a NAT moves, sends plain ESP and ESP in UDP, or is replayed from elsewhere, and a number is accepted once whoever
 * receives it: checking again and marking, with what is counted then, happen under the lock. The first check, before the
 * ICV, needs none, for it changes nothing and is repeated.
 * @module
 */
import { ReplayWindow, windowWords } from '#core/esp/replay-window.ts';
import type { SnapshotAssociation } from '#core/datapath/snapshot.ts';
import { SharedLock } from './shared-lock.ts';

/** Lock, moves of the peer, top; then the words. */
const lockCell = 0;
const movesCell = 1;
const topAt = 8;
const wordsAt = 16;

/** Memory for the window of an association. */
export function windowMemory({ replayWindow, initialSequence }: SnapshotAssociation): SharedArrayBuffer {
  const words = replayWindow === 0 ? 0 : windowWords(replayWindow);
  const memory = new SharedArrayBuffer(wordsAt + words * 4);
  new Float64Array(memory, topAt, 1)[0] = initialSequence;
  return memory;
}

/** What has the state that is followed: highest number, and window if there is one. */
export type WindowOwner = { highest: number; readonly window: ReplayWindow | null };

/** A view of the memory; every worker makes its own. */
export class SharedWindow {
  readonly #lock: SharedLock;
  readonly #top: Float64Array;
  readonly #cells: Int32Array;
  #isHeld = false;
  #moves = 0;

  constructor(memory: SharedArrayBuffer) {
    this.#cells = new Int32Array(memory, 0, topAt / 4);
    this.#lock = new SharedLock(this.#cells, lockCell, () => false);
    this.#top = new Float64Array(memory, topAt, 1);
  }

  /** A window over the words that all workers mark; null where the association has no replay check. */
  static windowOver(memory: SharedArrayBuffer, { replayWindow }: SnapshotAssociation): ReplayWindow | null {
    if (replayWindow === 0) return null;
    const top = new Float64Array(memory, topAt, 1)[0]!;
    return new ReplayWindow(replayWindow, top, new Uint32Array(memory, wordsAt, windowWords(replayWindow)));
  }

  /** Take note of what other workers have received. Without the lock it may be a little behind. */
  read(owner: WindowOwner): void {
    const top = this.#top[0]!;
    if (top <= owner.highest) return;
    owner.highest = top;
    owner.window?.follow(top);
  }

  /** Have the window, and what is counted, for this worker alone. */
  acquire(owner: WindowOwner): void {
    this.#lock.acquire();
    this.#isHeld = true;
    this.read(owner);
  }

  /** Whether this worker has it for itself. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Whether another worker has followed the peer since this one did: then it is not where this worker saw it last. */
  hasMoved(): boolean {
    return Atomics.load(this.#cells, movesCell) !== this.#moves;
  }

  /** This worker has followed the peer. */
  noteMove(): void {
    this.#moves = (Atomics.add(this.#cells, movesCell, 1) + 1) | 0;
  }

  /** Tell the others what was received, and let them have it. */
  release(owner: WindowOwner): void {
    this.#top[0] = owner.highest;
    this.#isHeld = false;
    this.#lock.release();
  }
}

/** Gives each inbound association of a snapshot its window, the same as long as it is there. */
export class SharedWindows {
  #memories = new Map<number, SharedArrayBuffer>();
  readonly #rows = new WeakMap<SnapshotAssociation, SnapshotAssociation>();

  /** The snapshot with windows. */
  attach<Owner extends { readonly inbound: readonly SnapshotAssociation[] }>(snapshot: Owner): Owner {
    const kept = new Map<number, SharedArrayBuffer>();
    const inbound = snapshot.inbound.map((row) => {
      const memory = this.#memories.get(row.id) ?? windowMemory(row);
      kept.set(row.id, memory);
      const before = this.#rows.get(row);
      const attached = before?.sharedWindow === memory ? before : { ...row, sharedWindow: memory };
      this.#rows.set(row, attached);
      return attached;
    });
    this.#memories = kept;
    return { ...snapshot, inbound };
  }
}
