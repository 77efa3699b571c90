/**
 * A snapshot compiled for the outbound worker: device → interface → policy → association, all by reference.
 * What a snapshot repeats is taken from the table before; states come from one that outlives all.
 * @module
 */
import { writeU16 } from '#core/base/bytes.ts';
import { outerHeaderBytes } from '#core/esp/overhead.ts';
import { lastSequence32, lastSequenceEsn, type OutboundState, type StateTable } from './association-state.ts';
import { isUnicastBytes } from './outer-header.ts';
import { AddressEntry } from './ports.ts';
import {
  hasSameRows,
  type Snapshot,
  type SnapshotAssociation,
  type SnapshotInterface,
  type SnapshotPolicy,
} from './snapshot.ts';

/** An association to send on. */
export type OutboundAssociation = {
  readonly sa: SnapshotAssociation;
  readonly state: OutboundState;
  /** Entry of the address table, and position in the snapshot. */
  readonly index: number;
  /** Outer IP and UDP headers, bytes. */
  readonly outerBytes: number;
  readonly lastSequence: number;
  /** Larger inner packets are cut before ESP, or answered; 0 for no such limit. */
  readonly innerLimit: number;
  /** The next one with the same SPI; peers choose SPIs, so two may be equal. */
  readonly nextWithSpi: OutboundAssociation | null;
};

/** What to do with one inner family. */
export type OutboundPolicy = {
  readonly action: 'protect' | 'discard';
  readonly spid: number;
  readonly association: OutboundAssociation | null;
};

/** An interface to send through. */
export type OutboundInterface = {
  /** What it was compiled from. */
  readonly row: SnapshotInterface;
  readonly slot: number;
  readonly name: string;
  readonly isUp: boolean;
  readonly isConfigured: boolean;
  /** Outer addresses are unicast (NetBSD's ipsecif.c refuses others). */
  readonly isOuterUsable: boolean;
  readonly mtu: number;
  readonly isEcnFriendly: boolean;
  readonly forwardsIpv6: boolean;
  readonly outerTtl: number;
  readonly dontFragment: SnapshotInterface['dontFragment'];
  readonly pathMtuDiscovery: boolean;
  readonly keepalives: boolean;
  readonly tfcMultiple: number;
  readonly dummiesPerSecond: number;
  readonly answersRefused: boolean;
  readonly ipv4: OutboundPolicy | null;
  readonly ipv6: OutboundPolicy | null;
};

/** The associations of a compiled snapshot. */
type OutboundAssociations = {
  /** What they were compiled from. */
  readonly source: readonly SnapshotAssociation[];
  readonly byId: ReadonlyMap<number, OutboundAssociation>;
  /** First association of each SPI. */
  readonly bySpi: ReadonlyMap<number, OutboundAssociation>;
  /** Destinations for the wire port, one entry an association. */
  readonly addresses: Uint8Array;
};

/** A compiled snapshot. */
export type OutboundTable = OutboundAssociations & {
  /** By TUN token. */
  readonly interfaces: ReadonlyMap<number, OutboundInterface>;
};

/** A table of nothing, for the time before the first snapshot. */
export const emptyOutboundTable: OutboundTable = {
  interfaces: new Map(),
  source: [],
  byId: new Map(),
  bySpi: new Map(),
  addresses: new Uint8Array(0),
};

/** Compile a snapshot, with what it repeats of the one `before`. New IV reservations reach the states here. */
export function compileOutbound(
  snapshot: Snapshot,
  states: StateTable<OutboundState>,
  before: OutboundTable = emptyOutboundTable,
): OutboundTable {
  const isSame = hasSameRows(snapshot.outbound, before.source);
  const associations = isSame ? before : compileAssociations(snapshot.outbound, states);
  const interfaces = new Map<number, OutboundInterface>();
  for (const row of snapshot.interfaces) {
    const kept = isSame ? before.interfaces.get(row.tun) : undefined;
    interfaces.set(row.tun, kept?.row === row ? kept : compileInterface(row, associations.byId));
  }
  const { source, byId, bySpi, addresses } = associations;
  return { interfaces, source, byId, bySpi, addresses };
}

function compileAssociations(
  source: readonly SnapshotAssociation[],
  states: StateTable<OutboundState>,
): OutboundAssociations {
  const kept = states.retain(source);
  const byId = new Map<number, OutboundAssociation>();
  const bySpi = new Map<number, OutboundAssociation>();
  for (const [index, sa] of source.entries()) {
    const state = kept[index];
    if (state === undefined) continue;
    state.iv.extend(sa.ivHighs);
    const association = compileAssociation(sa, state, index, bySpi.get(sa.spi) ?? null);
    byId.set(sa.id, association);
    bySpi.set(sa.spi, association);
  }
  return { source, byId, bySpi, addresses: buildAddresses(source) };
}

function compileAssociation(
  sa: SnapshotAssociation,
  state: OutboundState,
  index: number,
  nextWithSpi: OutboundAssociation | null,
): OutboundAssociation {
  const outerBytes = outerHeaderBytes({ outerFamily: sa.family, hasUdp: sa.udp !== null });
  const lastSequence = sa.hasEsn ? lastSequenceEsn : lastSequence32;
  return { sa, state, index, outerBytes, lastSequence, innerLimit: innerLimitOf(sa), nextWithSpi };
}

/** ipsecif.c measures an inner packet with its outer IP header, without UDP and ESP (ipsecif4_needfrag). */
function innerLimitOf({ family, udp, fragmentBytes = 0 }: SnapshotAssociation): number {
  if (udp === null || fragmentBytes === 0) return 0;
  return fragmentBytes - outerHeaderBytes({ outerFamily: family, hasUdp: false });
}

function compileInterface(row: SnapshotInterface, byId: ReadonlyMap<number, OutboundAssociation>): OutboundInterface {
  const { slot, name, isUp, mtu, isEcnFriendly, forwardsIpv6, outer } = row;
  const { outerTtl, dontFragment, pathMtuDiscovery, keepalives, answersRefused, tfcMultiple, dummiesPerSecond } = row;
  const compilePolicy = (policy: SnapshotPolicy | null): OutboundPolicy | null =>
    policy === null
      ? null
      : {
          action: policy.action,
          spid: policy.outboundSpid,
          association: byId.get(policy.outboundAssociation) ?? null,
        };
  const isOuterUsable =
    outer !== null && isUnicastBytes(outer.local, outer.family) && isUnicastBytes(outer.peer, outer.family);
  const isConfigured = outer !== null;
  const policies = { ipv4: compilePolicy(row.ipv4), ipv6: compilePolicy(row.ipv6) };
  const treatment = {
    isEcnFriendly,
    forwardsIpv6,
    outerTtl,
    dontFragment,
    pathMtuDiscovery,
    keepalives,
    answersRefused,
  };
  const hiding = { tfcMultiple, dummiesPerSecond };
  return { row, slot, name, isUp, isConfigured, isOuterUsable, mtu, ...treatment, ...hiding, ...policies };
}

function buildAddresses(associations: readonly SnapshotAssociation[]): Uint8Array {
  const table = new Uint8Array(associations.length * AddressEntry.stride);
  for (const [index, sa] of associations.entries()) {
    const at = index * AddressEntry.stride;
    const movedTo = sa.udp === null ? null : (sa.movedTo ?? null);
    table.set(movedTo?.address ?? sa.destination, at + AddressEntry.address);
    writeU16(table, at + AddressEntry.port, movedTo?.port ?? sa.udp?.destinationPort ?? 0);
    table[at + AddressEntry.family] = sa.family;
  }
  return table;
}
