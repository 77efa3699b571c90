/**
 * A worker's place in the line, as a wire: `send` waits until the sender has sent the batch in its turn. Between the two
 * the worker does nothing else, so what it holds (sockets that a snapshot names, arenas) is used as by a worker that
 * sends by itself.
 * @module
 */
import { AddressEntry, SendRow, type WirePort } from '#core/datapath/ports.ts';
import { PlaceState, type LineSlot, type SendLine } from './send-line.ts';

/** How often a waiting worker looks whether it waits for a dead thread. */
const lookMs = 50;
/** Result of what will not be sent, because a thread has died: EPIPE (errno(3)). */
const abandoned = -32;

/** The wire of one of several outbound workers. */
export class LinePlace implements WirePort {
  readonly #line: SendLine;
  readonly #worker: number;
  readonly #wire: WirePort;
  readonly #slot: LineSlot;
  #isTaken = false;

  /** `wire` does all but sending. */
  constructor(line: SendLine, worker: number, wire: WirePort) {
    this.#line = line;
    this.#worker = worker;
    this.#wire = wire;
    this.#slot = line.slot(worker);
  }

  /** Where a batch is best sealed to: what is sent from elsewhere is copied here. */
  get arena(): Uint8Array {
    return this.#slot.arena;
  }

  /** Take the lock, for numbers and a place; false when a thread has died. */
  begin(): boolean {
    return this.#line.await(this.#worker, PlaceState.idle, lookMs) && this.#line.lock.acquire();
  }

  /** Take the next place, and let others take theirs: the end of `begin`. */
  end(): void {
    this.#line.take(this.#worker);
    this.#isTaken = true;
    this.#line.lock.release();
  }

  /** Let the next one have its turn, if nothing was sent in this one. */
  leave(): void {
    if (!this.#isTaken) return;
    this.#isTaken = false;
    this.#line.settle(this.#worker, 0);
  }

  send(rows: Int32Array, count: number, arena: Uint8Array, addresses: Uint8Array): void {
    if (!this.#isTaken) {
      if (!this.begin()) return refuse(rows, count);
      this.end();
    }
    this.#isTaken = false;
    if (arena !== this.#slot.arena) this.#slot.arena.set(arena);
    this.#copyRows(rows, count, addresses);
    this.#line.settle(this.#worker, count);
    if (!this.#line.await(this.#worker, PlaceState.sent, lookMs)) return refuse(rows, count);
    for (let at = SendRow.result; at < count * SendRow.stride; at += SendRow.stride) rows[at] = this.#slot.rows[at]!;
    this.#line.clear(this.#worker);
  }

  receive(socket: number, arena: Uint8Array, rows: Int32Array, senders: Uint8Array, maxMessages: number): number {
    return this.#wire.receive(socket, arena, rows, senders, maxMessages);
  }

  pathMtu(socket: number, addresses: Uint8Array, address: number): number {
    return this.#wire.pathMtu(socket, addresses, address);
  }

  /** The rows, and of the addresses those that they name; neighbours of one destination go on naming one entry. */
  #copyRows(rows: Int32Array, count: number, addresses: Uint8Array): void {
    const to = this.#slot;
    let entries = 0;
    let before = -1;
    to.rows.set(rows.subarray(0, count * SendRow.stride));
    for (let at = SendRow.address; at < count * SendRow.stride; at += SendRow.stride) {
      const address = rows[at]!;
      if (address !== before) {
        const from = address * AddressEntry.stride;
        to.addresses.set(addresses.subarray(from, from + AddressEntry.stride), entries * AddressEntry.stride);
        entries++;
        before = address;
      }
      to.rows[at] = entries - 1;
    }
  }
}

function refuse(rows: Int32Array, count: number): void {
  for (let at = SendRow.result; at < count * SendRow.stride; at += SendRow.stride) rows[at] = abandoned;
}
