/**
 * Where the peer of an inbound association is: a NAT may give it another address or port at any time. It is followed
 * only where the interface allows it, after a packet that is authentic and newer than all before (RFC 7296 §2.23), and
 * only with replay protection, without which an old packet could move the tunnel.
 * @module
 */
import { readU16 } from '#core/base/bytes.ts';
import { equalAddressAt } from '#core/datapath/outer-header.ts';
import { AddressEntry } from '#core/datapath/ports.ts';
import type { InboundAssociation } from '#core/datapath/inbound-table.ts';
import type { DatapathPorts } from '#core/datapath/outbound.ts';
import { Interval } from '#core/datapath/rate-limit.ts';
import type { SnapshotEndpoint } from '#core/datapath/snapshot.ts';
import type { InboundInterface } from './interface-group.ts';

/** Moves of one association that are told, at most one in this time: an authentic peer may still be a hostile one. */
const repeatMs = 1000;

/** The place of one association's peer. */
export class PeerPlace {
  #address: Uint8Array | null = null;
  #port = 0;
  readonly #limit = new Interval(repeatMs);

  /** Whether entry `sender` of a table is where the peer was last; `address` and `port` say where it is by configuration. */
  isAt(senders: Uint8Array, sender: number, family: number, address: Uint8Array, port: number): boolean {
    const at = sender * AddressEntry.stride;
    if (readU16(senders, at + AddressEntry.port) !== (this.#address === null ? port : this.#port)) return false;
    return equalAddressAt(this.#address ?? address, 0, senders, at + AddressEntry.address, family);
  }

  /** Follow the peer to entry `sender`. Returns where that is, or null when it has moved too often. */
  follow(senders: Uint8Array, sender: number, now: number): SnapshotEndpoint | null {
    if (!this.#limit.take(now)) return null;
    const at = sender * AddressEntry.stride;
    this.#address = senders.slice(at + AddressEntry.address, at + AddressEntry.address + 16);
    this.#port = readU16(senders, at + AddressEntry.port);
    return { address: this.#address, port: this.#port };
  }
}

/** A newer, authentic packet in UDP came from entry `sender`: tell when the peer is no longer where it was. */
export function followPeer(
  ports: DatapathPorts,
  { sa, state }: InboundAssociation,
  { row, outer }: InboundInterface,
  senders: Uint8Array,
  sender: number,
  now: number,
): void {
  if (sa.udp === null || state.window === null) return;
  const port = outer.peerPort === 0 ? sa.udp.sourcePort : outer.peerPort;
  const isThere = state.peer.isAt(senders, sender, outer.family, outer.peer, port);
  if (isThere && (state.shared === null || !state.shared.hasMoved())) return;
  const peer = state.peer.follow(senders, sender, now);
  if (peer === null) return;
  state.shared?.noteMove();
  ports.emit({ kind: 'peer-moved', interfaceSlot: row.slot, association: sa.id, peer });
}
