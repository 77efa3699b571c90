/**
 * Both datapath loops over fake ports and the portable transform, and snapshots with everything filled in that a test
 * does not care about.
 * @module
 */
import { PortableTransform } from '#core/crypto/portable-transform.ts';
import type { TransformPort, TransformSpec } from '#core/crypto/transform.ts';
import { Counters, InterfaceCell } from '#core/datapath/counters.ts';
import { dropReasons, type DropReasonName } from '#core/datapath/drop-reason.ts';
import { Inbound } from '#core/datapath/inbound.ts';
import { Outbound } from '#core/datapath/outbound.ts';
import type {
  DatapathEvent,
  Snapshot,
  SnapshotAssociation,
  SnapshotInterface,
  SnapshotSocket,
} from '#core/datapath/snapshot.ts';
import { SeededRandom } from '#core/host/memory/seeded-random.ts';
import { addressBytes16, parseIpAddress } from '#core/ip/address.ts';
import { FakeTun, FakeWire } from './fake-ports.ts';

/** Tokens that the snapshots use. */
export const tokens = { tun: 1, esp4: 10, esp6: 11, udp4: 12, udp6: 13, icmp4: 14, icmp6: 15 } as const;
/** The outer pairs. */
export const outer4 = { family: 4, local: ip('192.0.2.2'), peer: ip('192.0.2.1'), localPort: 0, peerPort: 0 } as const;
export const outer6 = {
  family: 6,
  local: ip('2001:db8:0:2::1'),
  peer: ip('2001:db8:0:1::1'),
  localPort: 0,
  peerPort: 0,
} as const;

/** Inner addresses. */
export const inner4 = { source: parseIpAddress('10.1.0.1'), destination: parseIpAddress('10.2.0.1') };
/** The same in IPv6. */
export const inner6 = { source: parseIpAddress('fd00:1::1'), destination: parseIpAddress('fd00:2::1') };

/** 16 bytes of an address. */
export function ip(text: string): Uint8Array {
  return addressBytes16(parseIpAddress(text));
}

/** An AES-GCM-16 suite with a fixed key. */
export const gcmSpec: TransformSpec = {
  encryptionId: 20,
  integrityId: 0,
  key: new Uint8Array(16).fill(7),
  salt: Uint8Array.of(1, 2, 3, 4),
  integrityKey: new Uint8Array(0),
  padding: 0,
};

/** NULL encryption with HMAC-SHA2-256: cheap, and its packets can be read. */
export const nullSpec: TransformSpec = {
  encryptionId: 11,
  integrityId: 12,
  key: new Uint8Array(0),
  salt: new Uint8Array(0),
  integrityKey: new Uint8Array(32).fill(9),
  padding: 0,
};

const sockets: readonly SnapshotSocket[] = [
  { token: tokens.esp4, kind: 'esp', family: 4, localAddress: outer4.local, localPort: 0 },
  { token: tokens.esp6, kind: 'esp', family: 6, localAddress: outer6.local, localPort: 0 },
  { token: tokens.udp4, kind: 'udp', family: 4, localAddress: outer4.local, localPort: 4500 },
  { token: tokens.udp6, kind: 'udp', family: 6, localAddress: outer6.local, localPort: 4500 },
  { token: tokens.icmp4, kind: 'icmp', family: 4, localAddress: outer4.local, localPort: 0 },
  { token: tokens.icmp6, kind: 'icmp', family: 6, localAddress: outer6.local, localPort: 0 },
];

/** An interface: up, outer IPv4, policies for both families that nothing sends on yet. */
export function makeInterface(changes: Partial<SnapshotInterface> = {}): SnapshotInterface {
  const policy = { action: 'protect', outboundSpid: 2, outboundAssociation: -1, inboundReqid: 0 } as const;
  return {
    slot: 1,
    name: 'ipsec0',
    tun: tokens.tun,
    isUp: true,
    mtu: 1400,
    isEcnFriendly: false,
    forwardsIpv6: true,
    outerTtl: 64,
    dontFragment: 'clear',
    pathMtuDiscovery: false,
    followsPeer: false,
    keepalives: false,
    tfcMultiple: 0,
    dummiesPerSecond: 0,
    answersRefused: false,
    outer: outer4,
    ipv4: policy,
    ipv6: { ...policy, outboundSpid: 4 },
    ...changes,
  };
}

/** An AES-GCM association from the peer to us; for the other direction swap the addresses. */
export function makeAssociation(changes: Partial<SnapshotAssociation> = {}): SnapshotAssociation {
  return {
    id: 1,
    slot: 1,
    spi: 0x1000,
    transform: 0,
    family: 4,
    source: outer4.peer,
    destination: outer4.local,
    udp: null,
    reqid: 0,
    ivBytes: 8,
    icvBytes: 16,
    blockBytes: 4,
    hasCounterIv: true,
    ivHighs: [1],
    hasEsn: false,
    replayWindow: 64,
    initialSequence: 0,
    checksPadding: true,
    hardBytes: 0,
    hardPackets: 0,
    socket: -1,
    ...changes,
  };
}

/** The fields of an association that a `nullSpec` transform needs. */
export const nullShape = { ivBytes: 0, icvBytes: 16, blockBytes: 4, hasCounterIv: false, ivHighs: [] } as const;

/** A snapshot with all six sockets. */
export function makeSnapshot(parts: Partial<Snapshot>): Snapshot {
  return { version: 1, interfaces: [makeInterface()], outbound: [], inbound: [], sockets, ...parts };
}

/** The loops and what they stand on. */
export class TestDatapath {
  readonly tun = new FakeTun();
  readonly wire = new FakeWire();
  readonly counters = new Counters();
  readonly transforms: TransformPort;
  readonly events: DatapathEvent[] = [];
  readonly outbound: Outbound;
  readonly inbound: Inbound;

  constructor(transforms: TransformPort = new PortableTransform(new SeededRandom(1))) {
    this.transforms = transforms;
    const { tun, wire, counters } = this;
    const ports = { tun, wire, counters, transforms, emit: (event: DatapathEvent) => void this.events.push(event) };
    this.outbound = new Outbound(ports, new SeededRandom(2));
    this.inbound = new Inbound(ports);
  }

  /** Both loops decide by it. */
  apply(snapshot: Snapshot): void {
    this.outbound.apply(snapshot);
    this.inbound.apply(snapshot);
  }

  /** Drops of slot 0 to 8 under a name. */
  drops(name: DropReasonName): number {
    let sum = 0;
    for (let slot = 0; slot <= 8; slot++) sum += this.counters.drops(slot, dropReasons[name].number);
    return sum;
  }

  /** Every drop so far, by name; reasons that did not happen are left out. */
  allDrops(): Partial<Record<DropReasonName, number>> {
    const result: Partial<Record<DropReasonName, number>> = {};
    for (const name of Object.keys(dropReasons) as DropReasonName[]) {
      if (this.drops(name) > 0) result[name] = this.drops(name);
    }
    return result;
  }

  /** Sum of all drops of one direction. */
  droppedPackets(direction: 'inbound' | 'outbound'): number {
    let sum = 0;
    for (const name of Object.keys(dropReasons) as DropReasonName[]) {
      if (dropReasons[name].direction === direction) sum += this.drops(name);
    }
    return sum;
  }

  /** One cell of an interface. */
  interfaceCell(slot: number, cell: keyof typeof InterfaceCell): number {
    return this.counters.cells[this.counters.interfaceBase(slot) + InterfaceCell[cell]]!;
  }

  /** One cell of an association, by its index in `AssociationCell`. */
  associationCell(slot: number, cell: number): number {
    return this.counters.cells[this.counters.associationBase(slot) + cell]!;
  }
}
