/**
 * The line in which sealed batches of several workers wait to be sent, in shared memory.
 *
 * A batch takes its place in the line at the moment in which it takes its sequence numbers, under one lock, and the
 * batches leave in the order of their places, by one thread. So packets of an association leave in the order of their
 * numbers, as they do with one worker, and the smallest replay window at the other end loses nothing (RFC 4303 §3.4.3).
 *
 * Here: the memory, and what all threads see of it. The worker's side is line-place.ts, the sender's line-sender.ts.
 * @module
 */
import { destinationBytes } from '#core/datapath/sending/seal-queue.ts';
import { AddressEntry, SendRow } from '#core/datapath/ports.ts';
import { SharedLock } from './shared-lock.ts';

/** Most workers of one direction. */
export const mostWorkers = 16;
/** Most runs that leave at one time; more than a worker gathers. */
const mostSends = 512;

/** What a place in the line is. */
export const PlaceState = {
  /** Nobody stands there. */
  idle: 0,
  /** Numbers are taken, the batch is being sealed. */
  taken: 1,
  /** The sender's turn. */
  ready: 2,
  /** Sent; results lie in the rows. */
  sent: 3,
  /** Nothing came of the batch: the next one's turn. */
  left: 4,
} as const;

/** Cells of the control block; each worker has one more of each of the last three. */
const Cell = {
  lock: 0,
  /** Places that were taken; it may wrap around. */
  taken: 1,
  /** Rises when a place becomes ready or is left. */
  signal: 2,
  abandoned: 3,
  /** Worker of each place, by number modulo `mostWorkers`. */
  order: 16,
  state: 32,
  count: 48,
} as const;

const controlBytes = 64 * 4;
const rowBytes = mostSends * SendRow.stride * 4;
const addressBytes = mostSends * AddressEntry.stride;
const workerBytes = rowBytes + addressBytes + destinationBytes;

/** Memory for the line of so many workers. */
export function sendLineMemory(workers: number): SharedArrayBuffer {
  return new SharedArrayBuffer(controlBytes + workers * workerBytes);
}

/** A worker's part of the memory. */
export type LineSlot = { readonly rows: Int32Array; readonly addresses: Uint8Array; readonly arena: Uint8Array };

/** View of the line; every thread makes its own over the same memory. */
export class SendLine {
  /** Held while numbers and a place are taken. */
  readonly lock: SharedLock;
  readonly #cells: Int32Array;
  readonly #slots: readonly LineSlot[];

  constructor(memory: SharedArrayBuffer) {
    this.#cells = new Int32Array(memory, 0, controlBytes / 4);
    this.lock = new SharedLock(this.#cells, Cell.lock, () => this.isAbandoned());
    const workers = (memory.byteLength - controlBytes) / workerBytes;
    this.#slots = Array.from({ length: workers }, (_, worker) => slotOf(memory, worker));
  }

  /** The part of a worker. */
  slot(worker: number): LineSlot {
    const slot = this.#slots[worker];
    if (slot === undefined) throw new RangeError(`the line has no worker ${worker}`);
    return slot;
  }

  /** Say that a thread has died: nothing leaves any more, and nobody waits. */
  abandon(): void {
    Atomics.store(this.#cells, Cell.abandoned, 1);
    this.#notify(Cell.signal);
  }

  /** Whether a thread has died. */
  isAbandoned(): boolean {
    return Atomics.load(this.#cells, Cell.abandoned) !== 0;
  }

  // The worker's side

  /** Take the next place for a worker. Only under the lock. */
  take(worker: number): void {
    const place = Atomics.load(this.#cells, Cell.taken);
    Atomics.store(this.#cells, Cell.order + modulo(place), worker);
    Atomics.store(this.#cells, Cell.state + worker, PlaceState.taken);
    Atomics.store(this.#cells, Cell.taken, (place + 1) | 0);
  }

  /** Say what becomes of a worker's batch: `count` runs are ready, or nothing came of it. */
  settle(worker: number, count: number): void {
    Atomics.store(this.#cells, Cell.count + worker, count);
    Atomics.store(this.#cells, Cell.state + worker, count > 0 ? PlaceState.ready : PlaceState.left);
    this.#notify(Cell.signal);
  }

  /** Wait until a worker's place has this state; false when a thread has died. */
  await(worker: number, wanted: number, lookMs: number): boolean {
    for (;;) {
      const state = Atomics.load(this.#cells, Cell.state + worker);
      if (state === wanted) return true;
      if (this.isAbandoned()) return false;
      Atomics.wait(this.#cells, Cell.state + worker, state, lookMs);
    }
  }

  /** Nobody stands in a worker's place any more. */
  clear(worker: number): void {
    Atomics.store(this.#cells, Cell.state + worker, PlaceState.idle);
  }

  // The sender's side

  /** What to wait for: a number that changes when there may be something to do. */
  signal(): number {
    return Atomics.load(this.#cells, Cell.signal);
  }

  /** Wait until the signal is no longer `seen`. */
  awaitSignal(seen: number, withinMs: number): void {
    Atomics.wait(this.#cells, Cell.signal, seen, withinMs);
  }

  /** The worker that has place `place`, or -1 while nobody has. */
  workerAt(place: number): number {
    if (place === Atomics.load(this.#cells, Cell.taken)) return -1;
    return Atomics.load(this.#cells, Cell.order + modulo(place));
  }

  /** State of a worker's place. */
  stateOf(worker: number): number {
    return Atomics.load(this.#cells, Cell.state + worker);
  }

  /** Runs that a worker has ready. */
  countOf(worker: number): number {
    return Atomics.load(this.#cells, Cell.count + worker);
  }

  /** Tell a worker that its turn is over. */
  finish(worker: number, state: number): void {
    Atomics.store(this.#cells, Cell.state + worker, state);
    Atomics.notify(this.#cells, Cell.state + worker);
  }

  #notify(cell: number): void {
    Atomics.add(this.#cells, cell, 1);
    Atomics.notify(this.#cells, cell);
  }
}

function slotOf(memory: SharedArrayBuffer, worker: number): LineSlot {
  const start = controlBytes + worker * workerBytes;
  return {
    rows: new Int32Array(memory, start, mostSends * SendRow.stride),
    addresses: new Uint8Array(memory, start + rowBytes, addressBytes),
    arena: new Uint8Array(memory, start + rowBytes + addressBytes, destinationBytes),
  };
}

/** Outstanding places are never more than workers, so places modulo `mostWorkers` do not meet. */
function modulo(place: number): number {
  return place & (mostWorkers - 1);
}
