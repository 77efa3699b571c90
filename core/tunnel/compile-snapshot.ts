/**
 * Compiles what the datapath decides by (snapshot.ts) from interfaces, SAD and what the machine gave for them.
 *
 * What did not change since the last time is not compiled again: a change to one of a thousand interfaces, or one of
 * ten thousand associations, costs that one and a walk over lists.
 * @module
 */
import { encryptionRow, integrityRow } from '#core/crypto/algorithms.ts';
import { paddingKinds } from '#core/crypto/transform.ts';
import type {
  Snapshot,
  SnapshotAssociation,
  SnapshotEndpoint,
  SnapshotIcmp,
  SnapshotInterface,
  SnapshotOuter,
  SnapshotPolicy,
  SnapshotSelector,
  SnapshotSocket,
} from '#core/datapath/snapshot.ts';
import { addressBytes16, addressFamily } from '#core/ip/address.ts';
import { prefixParts } from '#core/ip/prefix.ts';
import type { Interface } from '#core/ipsecif/interface.ts';
import type { OuterPair } from '#core/ipsecif/outer-pair.ts';
import { hasIntegrity } from '#core/sad/association-check.ts';
import type { InnerSelector, SecurityAssociation } from '#core/sad/security-association.ts';
import type { SocketSpec } from '#core/tunnel/port/host-port.ts';
import { policyReqid, type FamilyPlan, type InterfacePlan } from './interface-plan.ts';

/** What the machine gave for an interface. */
export type Device = {
  /** Counters. */
  readonly slot: number;
  /** Token of the TUN device. */
  readonly tun: number;
};

/** An interface with its plan and device. */
export type PlannedInterface = { readonly interface: Interface; readonly plan: InterfacePlan; readonly device: Device };

/** An open socket. */
export type OpenSocket = { readonly spec: SocketSpec; readonly token: number };

/** What a snapshot is compiled from. */
export type SnapshotInput = {
  readonly version: number;
  readonly interfaces: Iterable<PlannedInterface>;
  /** All mature and dying associations: each may receive. */
  readonly inbound: Iterable<SecurityAssociation>;
  /** Those to send on now, and those that were sent on before: their sequence numbers must not start again. */
  readonly outbound: Iterable<SecurityAssociation>;
  readonly sockets: Iterable<OpenSocket>;
  readonly logsEcn: boolean;
  readonly icmp: SnapshotIcmp;
  readonly auditsDrops: boolean;
  readonly transformOf: (association: SecurityAssociation) => number;
  readonly ivHighsOf: (association: SecurityAssociation) => readonly number[];
  /** Sequence number to go on from; 0 for all but those that the workers may have forgotten. */
  readonly initialSequenceOf: (association: SecurityAssociation) => number;
  /** Where the peer is now, when it was followed away from the association's destination. */
  readonly placeOf: (association: SecurityAssociation) => SnapshotEndpoint | null;
  /** Token of the socket to send from; -1 while it is not open. */
  readonly sendingSocketOf: (association: SecurityAssociation) => number;
};

/** Compiles snapshots, and remembers the parts that stay. */
export class SnapshotCompiler {
  readonly #associations = new WeakMap<SecurityAssociation, SnapshotAssociation>();
  readonly #sending = new WeakMap<SecurityAssociation, SnapshotAssociation>();
  readonly #interfaces = new WeakMap<InterfacePlan, SnapshotInterface>();
  readonly #sockets = new WeakMap<SocketSpec, SnapshotSocket>();

  /** The snapshot of `input`. */
  compile(input: SnapshotInput): Snapshot {
    return {
      version: input.version,
      interfaces: Array.from(input.interfaces, (planned) => this.#interface(planned)),
      outbound: Array.from(input.outbound, (association) => this.#outbound(association, input)),
      inbound: Array.from(input.inbound, (association) => this.#inbound(association, input)),
      sockets: Array.from(input.sockets, (socket) => this.#socket(socket)),
      logsEcn: input.logsEcn,
      icmp: input.icmp,
      auditsDrops: input.auditsDrops,
    };
  }

  /** A plan belongs to one record of one interface, so its compiled form can be kept by the plan. */
  #interface(planned: PlannedInterface): SnapshotInterface {
    const kept = this.#interfaces.get(planned.plan);
    if (kept !== undefined) return kept;
    const compiled = compileInterface(planned);
    this.#interfaces.set(planned.plan, compiled);
    return compiled;
  }

  #inbound(association: SecurityAssociation, input: SnapshotInput): SnapshotAssociation {
    const kept = this.#associations.get(association);
    const initialSequence = input.initialSequenceOf(association);
    if (kept?.initialSequence === initialSequence) return kept;
    const compiled = { ...compileAssociation(association, input.transformOf(association)), initialSequence };
    this.#associations.set(association, compiled);
    return compiled;
  }

  #outbound(association: SecurityAssociation, input: SnapshotInput): SnapshotAssociation {
    const socket = input.sendingSocketOf(association);
    const ivHighs = input.ivHighsOf(association);
    const kept = this.#sending.get(association);
    const movedTo = input.placeOf(association);
    const inbound = this.#inbound(association, input);
    const isSame = kept?.initialSequence === inbound.initialSequence && kept.movedTo === movedTo;
    if (isSame && kept.socket === socket && kept.ivHighs === ivHighs) return kept;
    const compiled = { ...inbound, socket, ivHighs, movedTo };
    this.#sending.set(association, compiled);
    return compiled;
  }

  #socket({ spec, token }: OpenSocket): SnapshotSocket {
    const kept = this.#sockets.get(spec);
    if (kept?.token === token) return kept;
    const { kind, family, localAddress, localPort } = spec;
    const compiled = { token, kind, family, localAddress: addressBytes16(localAddress), localPort };
    this.#sockets.set(spec, compiled);
    return compiled;
  }
}

function compileInterface({ interface: record, plan, device }: PlannedInterface): SnapshotInterface {
  const { name, mtu, flags, outer } = record;
  return {
    slot: device.slot,
    name,
    tun: device.tun,
    isUp: flags.isUp,
    mtu,
    isEcnFriendly: flags.link1,
    forwardsIpv6: flags.link2,
    ...plan.treatment,
    outer: outer === null ? null : compileOuter(outer),
    ipv4: plan.ipv4 === null ? null : compilePolicy(plan.ipv4),
    ipv6: plan.ipv6 === null ? null : compilePolicy(plan.ipv6),
  };
}

function compileOuter({ local, peer, localPort, peerPort }: OuterPair): SnapshotOuter {
  const family = addressFamily(local);
  return { family, local: addressBytes16(local), peer: addressBytes16(peer), localPort, peerPort };
}

function compilePolicy({ outbound, inbound, association }: FamilyPlan): SnapshotPolicy {
  return {
    // ipsecif's policies never say bypass: what is not protected does not pass.
    action: outbound.action === 'protect' && inbound.action === 'protect' ? 'protect' : 'discard',
    outboundSpid: outbound.spid,
    outboundAssociation: association?.id ?? -1,
    inboundReqid: policyReqid(inbound),
  };
}

/** The form for receiving: no socket and no IVs, and every number from 0 on. */
export function compileAssociation(association: SecurityAssociation, transform: number): SnapshotAssociation {
  const { id, slot, spi, source, destination, ports, reqid, hasEsn, replayBytes, padding, lifetimes } = association;
  const { selectors, fragmentBytes } = association;
  const row = encryptionRow(association.encryption);
  const integrity = association.integrity === null ? null : integrityRow(association.integrity);
  return {
    id,
    slot,
    spi,
    transform,
    family: addressFamily(source),
    source: addressBytes16(source),
    destination: addressBytes16(destination),
    udp: ports === null ? null : { sourcePort: ports.source, destinationPort: ports.destination },
    reqid,
    ivBytes: row.ivBytes,
    icvBytes: integrity?.icvBytes ?? row.icvBytes,
    blockBytes: Math.max(4, row.blockBytes),
    hasCounterIv: row.hasCounterIv,
    ivHighs: [],
    hasEsn,
    replayWindow: hasIntegrity(association) ? replayBytes * 8 : 0,
    initialSequence: 0,
    checksPadding: padding === paddingKinds.sequential,
    hardBytes: lifetimes.hard.bytes,
    hardPackets: lifetimes.hard.packets,
    socket: -1,
    ...(fragmentBytes === undefined ? {} : { fragmentBytes }),
    ...(selectors === undefined ? {} : { selectors: selectors.map(compileSelector) }),
  };
}

function compileSelector({ source, destination }: InnerSelector): SnapshotSelector {
  const from = prefixParts(source);
  const to = prefixParts(destination);
  return {
    family: addressFamily(from.address),
    source: addressBytes16(from.address),
    sourceLength: from.length,
    destination: addressBytes16(to.address),
    destinationLength: to.length,
  };
}
