/**
 * A snapshot compiled for the inbound worker: socket, SPI → association → the interfaces that its packets may enter.
 * Built anew with each snapshot; states come from the table that outlives it.
 *
 * An association belongs to a tunnel when its source is the tunnel's peer and its destination the tunnel's own address:
 * stricter than NetBSD, where any association delivers to any interface (if_ipsec.c), and what RFC 4301 §5.2 asks.
 * @module
 */
import { readU32 } from '#core/base/bytes.ts';
import { outerHeaderBytes } from '#core/esp/overhead.ts';
import type { InboundState, StateTable } from './association-state.ts';
import { SpiTable } from './receiving/spi-table.ts';
import type { Snapshot, SnapshotAssociation, SnapshotInterface, SnapshotOuter, SnapshotSocket } from './snapshot.ts';

/** An interface that packets of an association may enter, if their ports fit. */
export type InboundInterface = { readonly row: SnapshotInterface; readonly outer: SnapshotOuter };

/** An association to receive on. */
export type InboundAssociation = {
  readonly sa: SnapshotAssociation;
  readonly state: InboundState;
  /** Outer IP header, bytes: NetBSD's SA byte counters hold it (key.c, key_sa_recordxfer). */
  readonly outerBytes: number;
  /** Those with ports first, of equal ones the newest (if_ipsec.c); all have the association's pair of addresses. */
  readonly interfaces: readonly InboundInterface[];
  /** Slot of the first of `interfaces`, for drops before the interface is known; 0 for none. */
  readonly slot: number;
  /** The next one with the same SPI and another destination. */
  readonly nextWithSpi: InboundAssociation | null;
};

/** A compiled snapshot. */
export type InboundTable = {
  /** By socket token. */
  readonly sockets: ReadonlyMap<number, SnapshotSocket>;
  readonly bySpi: SpiTable<InboundAssociation>;
  /** Takes in what fits no interface; null where that is dropped. */
  readonly catchAll: InboundInterface | null;
};

/** A table of nothing, for the time before the first snapshot. */
export const emptyInboundTable: InboundTable = { sockets: new Map(), bySpi: new SpiTable(new Map()), catchAll: null };

/** Compile a snapshot. */
export function compileInbound(snapshot: Snapshot, states: StateTable<InboundState>): InboundTable {
  const kept = states.retain(snapshot.inbound);
  const byPair = groupByPair(snapshot.interfaces);
  const bySpi = new Map<number, InboundAssociation>();
  for (const [index, sa] of snapshot.inbound.entries()) {
    const state = kept[index];
    if (state === undefined) continue;
    const interfaces = byPair.get(pairKey(sa.family, sa.destination, sa.source)) ?? [];
    const slot = interfaces[0]?.row.slot ?? 0;
    const outerBytes = outerHeaderBytes({ outerFamily: sa.family, hasUdp: false });
    bySpi.set(sa.spi, { sa, state, outerBytes, interfaces, slot, nextWithSpi: bySpi.get(sa.spi) ?? null });
  }
  const sockets = new Map(snapshot.sockets.map((socket) => [socket.token, socket]));
  const row = snapshot.catchAll;
  const catchAll = row === undefined || row.outer === null ? null : { row, outer: row.outer };
  return { sockets, bySpi: new SpiTable(bySpi), catchAll };
}

function groupByPair(interfaces: readonly SnapshotInterface[]): ReadonlyMap<string, readonly InboundInterface[]> {
  const groups = new Map<string, InboundInterface[]>();
  // A snapshot has the newest last.
  for (const row of interfaces.toReversed()) {
    const { outer } = row;
    if (outer === null) continue;
    const key = pairKey(outer.family, outer.local, outer.peer);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [{ row, outer }]);
    else group.push({ row, outer });
  }
  for (const group of groups.values()) {
    if (group.length > 1) group.sort((left, right) => portCount(right.outer) - portCount(left.outer));
  }
  return groups;
}

function pairKey(family: 4 | 6, local: Uint8Array, peer: Uint8Array): string {
  return family === 4 ? `${readU32(local, 0)} ${readU32(peer, 0)}` : `${addressWords(local)} ${addressWords(peer)}`;
}

function addressWords(address: Uint8Array): string {
  return `${readU32(address, 0)}.${readU32(address, 4)}.${readU32(address, 8)}.${readU32(address, 12)}`;
}

function portCount(outer: SnapshotOuter): number {
  return (outer.localPort === 0 ? 0 : 1) + (outer.peerPort === 0 ? 0 : 1);
}
