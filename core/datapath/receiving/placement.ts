/**
 * The interface that the packets of a batch enter (stage 8). Packets of one association that came in one message have outer
 * addresses and ports in common, so the interface is looked up once for all of them: a message of a busy flow holds forty.
 * @module
 */
import type { InboundAssociation } from '#core/datapath/inbound-table.ts';
import { AddressEntry } from '#core/datapath/ports.ts';
import type { SnapshotSocket } from '#core/datapath/snapshot.ts';
import { readU16 } from '#core/base/bytes.ts';
import type { InboundInterface } from './interface-group.ts';
import { findInterface } from './interface-match.ts';

/** Interfaces of the packets of one batch. */
export class Placement {
  readonly #senders: Uint8Array;
  /** Takes in what fits no interface. */
  #catchAll: InboundInterface | null = null;
  #isUdp = false;
  #localPort = 0;
  /** What was asked for last, and the answer. */
  #association: InboundAssociation | null = null;
  #message = 0;
  #found: InboundInterface | null = null;

  /** `senders` is the address table of the batches to come. */
  constructor(senders: Uint8Array) {
    this.#senders = senders;
  }

  /** A batch from this socket begins. */
  begin(socket: SnapshotSocket | null, catchAll: InboundInterface | null): void {
    this.#isUdp = socket?.kind === 'udp';
    this.#localPort = socket?.localPort ?? 0;
    this.#catchAll = catchAll;
    this.#association = null;
  }

  /** The interface for packets of an association that came in this message, or null. */
  find(association: InboundAssociation, message: number): InboundInterface | null {
    if (association === this.#association && message === this.#message) return this.#found;
    this.#association = association;
    this.#message = message;
    this.#found = this.#lookUp(association, message) ?? this.#catchAll;
    return this.#found;
  }

  /** Plain ESP of a UDP-encapsulated association counts as if it had come by its ports (RFC 7296 §2.23: accept both). */
  #lookUp(association: InboundAssociation, message: number): InboundInterface | null {
    const { udp } = association;
    const sender = message * AddressEntry.stride + AddressEntry.port;
    const sourcePort = this.#isUdp ? readU16(this.#senders, sender) : (udp?.sourcePort ?? 0);
    const destinationPort = this.#isUdp ? this.#localPort : (udp?.destinationPort ?? 0);
    return findInterface(association, this.#senders, message, sourcePort, destinationPort, this.#isUdp);
  }
}
