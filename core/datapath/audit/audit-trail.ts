/**
 * What is known of the packet that the inbound loop has in hand, for the audit trail (RFC 4303 §3.4, RFC 4301 §9): when it
 * is dropped, what was read of it until then is told. Noting costs a few stores; only telling allocates, within the
 * rates of drop-audit.ts.
 * @module
 */
import { espHeaderBytes } from '#core/crypto/suite-shape.ts';
import { noSequence } from '#core/esp/extended-sequence.ts';
import { packetSequence, packetSpi } from '#core/esp/packet.ts';
import { DropAudit } from './drop-audit.ts';
import type { DatapathPorts } from '#core/datapath/outbound.ts';
import { AddressEntry, ReceiveRow } from '#core/datapath/ports.ts';
import type { Snapshot, SnapshotSocket } from '#core/datapath/snapshot.ts';

const unknown = -1;

/** The trail of one inbound loop. */
export class AuditTrail {
  /** The batch's socket. */
  socket: SnapshotSocket | null = null;
  /** SPI of the packet in hand; -1 as long as it was not read. */
  spi = unknown;
  /** Its number: 32 bits as read, or whole once it was inferred. */
  sequence = noSequence;
  #message = 0;
  readonly #ports: DatapathPorts;
  readonly #audit = new DropAudit();

  constructor(ports: DatapathPorts) {
    this.#ports = ports;
  }

  /** What of a snapshot matters here. */
  apply(snapshot: Snapshot): void {
    this.#audit.apply(snapshot);
  }

  /** A packet of this message comes into hand. */
  begin(message: number): void {
    this.#message = message;
    this.spi = unknown;
    this.sequence = noSequence;
  }

  /**
   * A packet of this message comes back into hand, of an association, with number `index` of a column: numbers above 2³¹ that
   * are passed on are allocated.
   */
  resume(message: number, association: { readonly spi: number }, sequences: Float64Array, index: number): void {
    this.#message = message;
    this.spi = association.spi;
    this.sequence = sequences[index]!;
  }

  /** Read the ESP header at `offset`, if there is one. */
  read(arena: Uint8Array, offset: number, length: number): void {
    if (length < espHeaderBytes) return;
    this.spi = packetSpi(arena, offset);
    this.sequence = packetSequence(arena, offset);
  }

  /** The packet in hand was dropped, for an interface or, slot 0, for none. */
  drop(slot: number, reason: number, messages: Int32Array, senders: Uint8Array, now: number): void {
    const packets = this.#audit.admit(slot, reason, 1, now);
    if (packets === 0 || this.socket === null) return;
    const { family, localAddress: destination } = this.socket;
    const at = this.#message * AddressEntry.stride + AddressEntry.address;
    const flowLabel = messages[this.#message * ReceiveRow.stride + ReceiveRow.flowLabel]!;
    const drop = {
      ...{ reason, interfaceSlot: slot, family, destination, packets },
      source: senders.slice(at, at + 16),
      spi: this.spi === unknown ? null : this.spi,
      sequence: this.spi === unknown ? null : this.sequence,
      flowLabel: flowLabel < 0 ? null : flowLabel,
    };
    this.#ports.emit({ kind: 'audit', drop });
  }
}
