/**
 * What a gateway shows of itself: interfaces with their state and counters, associations without keys, policies.
 * core/api sends it as it is; the contract's schema must fit these types, and the compiler checks that it does.
 * @module
 */
import { InterfaceCell, type Counters } from '#core/datapath/counters.ts';
import { dropReasons, type DropReasonName } from '#core/datapath/drop-reason.ts';
import type { SnapshotEndpoint } from '#core/datapath/snapshot.ts';
import { addressFamily, formatAddress, type IpAddress } from '#core/ip/address.ts';
import type { InnerAddress } from '#core/ipsecif/inner-address.ts';
import type { InterfaceOptions, SystemSettings } from '#core/ipsecif/interface-options.ts';
import type { Interface } from '#core/ipsecif/interface.ts';
import type { OuterPair } from '#core/ipsecif/outer-pair.ts';
import type { LarvalAssociation } from '#core/sad/larval-association.ts';
import type { Lifetime } from '#core/sad/lifetime.ts';
import type { Sad } from '#core/sad/sad.ts';
import type { AssociationSpec, AssociationUsage, SecurityAssociation } from '#core/sad/security-association.ts';
import type { PolicyLevel, SecurityPolicy } from '#core/spd/security-policy.ts';
import type { Selector } from '#core/spd/selector.ts';
import { readUsage } from './association-usage.ts';
import type { DeviceAlteration } from './event/device-watch.ts';
import type { FailureWatch } from './failure-watch.ts';
import { selectAssociations, type SelectedAssociations } from './selected-associations.ts';
import { deriveTunnelState, type TunnelState } from './tunnel-state.ts';

/** Drops under one reason. */
export type DropCount = { reason: DropReasonName; packets: number };

/** What an interface has counted. */
export type TrafficCount = {
  outputPackets: number;
  outputBytes: number;
  inputPackets: number;
  inputBytes: number;
  lastOutputMs: number;
  lastInputMs: number;
  /** Packets marked CE on the way, and packets with marks that RFC 6040 calls dangerous or unused. */
  ecnCongestion: number;
  ecnSuspicious: number;
  dummyPackets: number;
};

/** Where a peer was followed to. */
export type PeerPlaceView = { address: IpAddress; port: number };

/** An interface. */
export type InterfaceView = {
  name: string;
  isUp: boolean;
  isRunning: boolean;
  unnumbered: boolean;
  link0: boolean;
  link1: boolean;
  link2: boolean;
  mtu: number;
  options: InterfaceOptions;
  tunnel: (OuterPair & { family: 4 | 6 }) | null;
  movedTo: PeerPlaceView | null;
  altered: DeviceAlteration | null;
  addresses: InnerAddress[];
  state: TunnelState;
  counters: TrafficCount;
  drops: DropCount[];
};

/** An association without its keys. */
export type AssociationView = Pick<
  AssociationSpec,
  | 'source'
  | 'destination'
  | 'protocol'
  | 'ports'
  | 'spi'
  | 'mode'
  | 'reqid'
  | 'replayBytes'
  | 'hasEsn'
  | 'encryption'
  | 'integrity'
> &
  Pick<SecurityAssociation, 'id' | 'state' | 'createdMs'> & {
    encryptionKeyBits: number;
    soft: Lifetime;
    hard: Lifetime;
    interfaces: string[];
    usage: AssociationUsage;
  };

/** A policy. */
export type PolicyView = Selector &
  Pick<SecurityPolicy, 'spid' | 'direction' | 'action' | 'origin'> & {
    requests: { level: PolicyLevel; reqid: number }[];
  };

/** Everything at one moment. */
export type GatewayStatus = {
  helperVersion: string;
  pid: number;
  datapath: 'native' | 'memory';
  nowMs: number;
  settings: SystemSettings;
  interfaces: InterfaceView[];
  associations: AssociationView[];
  larvals: LarvalAssociation[];
  policies: PolicyView[];
  drops: DropCount[];
};

/** What a status is compiled from. */
export type StatusInput = {
  readonly identity: Pick<GatewayStatus, 'helperVersion' | 'pid' | 'datapath'>;
  readonly now: number;
  readonly interfaces: Iterable<Interface>;
  readonly settings: SystemSettings;
  readonly sad: Sad;
  readonly policies: () => readonly SecurityPolicy[];
  readonly counters: Counters;
  readonly failures: FailureWatch;
  /** Slot of an interface's counters; 0 while it has none. */
  readonly slotOf: (name: string) => number;
  /** Whether the interface's device is still there. */
  readonly hasDevice: (name: string) => boolean;
  /** When the interface's outer addresses were set. */
  readonly configuredMsOf: (name: string) => number;
  /** What another program has changed of its device. */
  readonly alteredOf: (record: Interface) => DeviceAlteration | null;
  /** Where the interface's peer was followed to. */
  readonly placeOf: (record: Interface) => SnapshotEndpoint | null;
};

/** One interface as far as its state and what it uses go. */
export type InterfaceGlance = SelectedAssociations & {
  readonly record: Interface;
  readonly state: TunnelState;
  readonly movedTo: PeerPlaceView | null;
};

/** Look at interfaces, without what they have counted. */
export function compileGlances(
  input: StatusInput,
  records: Iterable<Interface>,
  selectOf: (record: Interface) => SelectedAssociations,
): InterfaceGlance[] {
  return Array.from(records, (record) => {
    const selected = selectOf(record);
    const counters = readTraffic(input.counters, input.slotOf(record.name));
    const movedTo = viewPlace(record.outer, input.placeOf(record));
    return { ...selected, record, movedTo, state: stateOf(record, selected, counters, input) };
  });
}

/** Compile a status. */
export function compileStatus(input: StatusInput): GatewayStatus {
  const selectors = new Map<number, string[]>();
  const interfaces = Array.from(input.interfaces, (record) => {
    const selected = selectAssociations(record, input.sad);
    for (const { id } of [...selected.outbound, ...selected.inbound]) addName(selectors, id, record.name);
    return viewInterface(record, selected, input);
  });
  const { identity, now, settings, sad, policies, counters } = input;
  return {
    ...identity,
    nowMs: now,
    settings,
    interfaces,
    associations: sad.list().map((association) => viewAssociation(association, selectors, counters)),
    larvals: [...sad.larvals()],
    policies: policies().map(viewPolicy),
    drops: readDrops(counters, 0),
  };
}

function addName(selectors: Map<number, string[]>, id: number, name: string): void {
  const names = selectors.get(id);
  if (names === undefined) selectors.set(id, [name]);
  else names.push(name);
}

function viewInterface(record: Interface, selected: SelectedAssociations, input: StatusInput): InterfaceView {
  const { name, flags, mtu, options, outer, addresses } = record;
  const slot = input.slotOf(name);
  const counters = readTraffic(input.counters, slot);
  return {
    name,
    isUp: flags.isUp,
    isRunning: outer !== null && input.hasDevice(name),
    unnumbered: flags.unnumbered,
    link0: flags.link0,
    link1: flags.link1,
    link2: flags.link2,
    mtu,
    options,
    tunnel: outer === null ? null : { family: addressFamily(outer.local), ...outer },
    movedTo: viewPlace(outer, input.placeOf(record)),
    altered: input.alteredOf(record),
    addresses: [...addresses],
    state: stateOf(record, selected, counters, input),
    counters,
    drops: readDrops(input.counters, slot),
  };
}

function viewPlace(outer: OuterPair | null, place: SnapshotEndpoint | null): PeerPlaceView | null {
  if (outer === null || place === null) return null;
  return { address: formatAddress(place.address, 0, addressFamily(outer.peer)), port: place.port };
}

function stateOf(
  { name, flags, outer }: Interface,
  { outbound, inbound, hasKeys }: SelectedAssociations,
  { lastOutputMs, lastInputMs }: TrafficCount,
  { counters, failures, configuredMsOf, hasDevice, now }: StatusInput,
): TunnelState {
  const firstSent = outbound.map(({ slot }) => readUsage(counters, slot).firstUsedMs).filter((time) => time > 0);
  const facts = {
    hasDevice: hasDevice(name),
    isUp: flags.isUp,
    isConfigured: outer !== null,
    hasKeys,
    configuredMs: configuredMsOf(name),
    firstSentMs: firstSent.reduce((first, time) => (first === 0 ? time : Math.min(first, time)), 0),
    lastSentMs: lastOutputMs,
    lastHeardMs: lastInputMs,
    lastFailureMs: inbound.reduce((last, association) => Math.max(last, failures.lastFailureMs(association)), 0),
  };
  return deriveTunnelState(facts, now);
}

function readTraffic(counters: Counters, slot: number): TrafficCount {
  const cell = (index: number): number => counters.total(slot, index);
  return {
    outputPackets: cell(InterfaceCell.outputPackets),
    outputBytes: cell(InterfaceCell.outputBytes),
    inputPackets: cell(InterfaceCell.inputPackets),
    inputBytes: cell(InterfaceCell.inputBytes),
    lastOutputMs: counters.latest(slot, InterfaceCell.lastOutputMs),
    lastInputMs: counters.latest(slot, InterfaceCell.lastInputMs),
    ecnCongestion: cell(InterfaceCell.ecnCongestion),
    ecnSuspicious: cell(InterfaceCell.ecnSuspicious),
    dummyPackets: cell(InterfaceCell.dummyPackets),
  };
}

function readDrops(counters: Counters, slot: number): DropCount[] {
  const drops: DropCount[] = [];
  for (const [reason, row] of reasonRows) {
    const packets = counters.drops(slot, row.number);
    if (packets > 0) drops.push({ reason, packets });
  }
  return drops;
}

const reasonRows = Object.entries(dropReasons) as [DropReasonName, (typeof dropReasons)[DropReasonName]][];

function viewAssociation(
  association: SecurityAssociation,
  selectors: ReadonlyMap<number, string[]>,
  counters: Counters,
): AssociationView {
  const { id, source, destination, protocol, ports, spi, mode, reqid, replayBytes, hasEsn } = association;
  const { encryption, integrity, state, createdMs, lifetimes } = association;
  return {
    ...{ id, source, destination, protocol, ports, spi, mode, reqid, replayBytes, hasEsn },
    ...{ encryption, integrity, state, createdMs },
    encryptionKeyBits: association.encryptionKey.length * 8,
    soft: lifetimes.soft,
    hard: lifetimes.hard,
    interfaces: selectors.get(id) ?? [],
    usage: readUsage(counters, association.slot),
  };
}

function viewPolicy({ spid, direction, selector, action, requests, origin }: SecurityPolicy): PolicyView {
  const { source, destination, sourcePort, destinationPort, upperProtocol } = selector;
  return {
    ...{ spid, direction, source, destination, sourcePort, destinationPort, upperProtocol, action, origin },
    requests: requests.map(({ level, reqid }) => ({ level, reqid })),
  };
}
