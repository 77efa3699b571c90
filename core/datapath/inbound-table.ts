/**
 * A snapshot compiled for the inbound worker: socket, SPI → association → the interfaces that its packets may enter.
 * What a snapshot repeats is taken from the table before; states come from one that outlives all.
 *
 * An association belongs to a tunnel when its source is the tunnel's peer and its destination the tunnel's own address:
 * stricter than NetBSD, where any association delivers to any interface (if_ipsec.c), and what RFC 4301 §5.2 asks.
 * @module
 */
import { outerHeaderBytes } from '#core/esp/overhead.ts';
import type { InboundState, StateTable } from './association-state.ts';
import type { InboundInterface, InterfaceGroup } from './receiving/interface-group.ts';
import { PairTable } from './receiving/pair-table.ts';
import { SpiTable } from './receiving/spi-table.ts';
import {
  hasSameRows,
  type Snapshot,
  type SnapshotAssociation,
  type SnapshotSelector,
  type SnapshotSocket,
} from './snapshot.ts';

/**
 * An association to receive on. What each packet asks for lies together: with ten thousand associations in turn, what
 * costs is the memory that is fetched for each.
 */
export type InboundAssociation = {
  readonly state: InboundState;
  /** Outer IP header, bytes: NetBSD's SA byte counters hold it (key.c, key_sa_recordxfer). */
  readonly outerBytes: number;
  /** The interfaces with the association's pair of addresses. */
  readonly interfaces: InterfaceGroup;
  /** The next one with the same SPI and another destination. */
  readonly nextWithSpi: InboundAssociation | null;
  readonly spi: number;
  readonly slot: number;
  readonly transform: number;
  readonly udp: SnapshotAssociation['udp'];
  /** Whether it takes packets in UDP. */
  readonly takesUdp: boolean;
  readonly hasEsn: boolean;
  readonly checksPadding: boolean;
  readonly hardBytes: number;
  readonly hardPackets: number;
  readonly reqid: number;
  readonly selectors: readonly SnapshotSelector[] | undefined;
  /** All of it, for what is rare. */
  readonly sa: SnapshotAssociation;
};

/** A compiled snapshot. */
export type InboundTable = {
  /** By socket token. */
  readonly sockets: ReadonlyMap<number, SnapshotSocket>;
  readonly bySpi: SpiTable<InboundAssociation>;
  readonly pairs: PairTable;
  /** The associations that the table was compiled from. */
  readonly associations: readonly SnapshotAssociation[];
  /** Takes in what fits no interface; null where that is dropped. */
  readonly catchAll: InboundInterface | null;
};

/** A table of nothing, for the time before the first snapshot. */
export function emptyInboundTable(): InboundTable {
  const bySpi = new SpiTable<InboundAssociation>(new Map());
  return { sockets: new Map(), bySpi, pairs: new PairTable(), associations: [], catchAll: null };
}

/** Compile a snapshot. `before` is given up: the new table goes on with what it has. */
export function compileInbound(
  snapshot: Snapshot,
  states: StateTable<InboundState>,
  before: InboundTable = emptyInboundTable(),
): InboundTable {
  const { pairs } = before;
  pairs.update(snapshot.interfaces);
  const associations = snapshot.inbound;
  const bySpi = hasSameRows(associations, before.associations)
    ? before.bySpi
    : new SpiTable(compileAssociations(associations, states, pairs));
  const sockets = new Map(snapshot.sockets.map((socket) => [socket.token, socket]));
  const row = snapshot.catchAll;
  const catchAll = row === undefined || row.outer === null ? null : { row, outer: row.outer };
  return { sockets, bySpi, pairs, associations, catchAll };
}

function compileAssociations(
  associations: readonly SnapshotAssociation[],
  states: StateTable<InboundState>,
  pairs: PairTable,
): ReadonlyMap<number, InboundAssociation> {
  const kept = states.retain(associations);
  const held = new Set<InterfaceGroup>();
  const bySpi = new Map<number, InboundAssociation>();
  for (const [index, sa] of associations.entries()) {
    const state = kept[index];
    if (state === undefined) continue;
    const interfaces = pairs.groupOf(sa.family, sa.destination, sa.source);
    held.add(interfaces);
    bySpi.set(sa.spi, compileAssociation(sa, state, interfaces, bySpi.get(sa.spi) ?? null));
  }
  pairs.retain(held);
  return bySpi;
}

function compileAssociation(
  sa: SnapshotAssociation,
  state: InboundState,
  interfaces: InterfaceGroup,
  nextWithSpi: InboundAssociation | null,
): InboundAssociation {
  const { spi, slot, transform, udp, acceptsEncapsulated, hasEsn, checksPadding } = sa;
  const { hardBytes, hardPackets, reqid, selectors } = sa;
  const outerBytes = outerHeaderBytes({ outerFamily: sa.family, hasUdp: false });
  const takesUdp = udp !== null || acceptsEncapsulated === true;
  const often = { state, outerBytes, interfaces, nextWithSpi, spi, slot, transform, udp, takesUdp };
  return { ...often, hasEsn, checksPadding, hardBytes, hardPackets, reqid, selectors, sa };
}
