/**
 * The interfaces with one pair of outer addresses (link0), and which of them has the ports of a packet: the one with most
 * ports first, of equal ones the newest (if_ipsec.c). A port 0 of an interface takes any. A group has one member as a rule,
 * and a thousand behind one NAT: looking costs the same.
 * @module
 */
import type { SnapshotInterface, SnapshotOuter } from '#core/datapath/snapshot.ts';

/** An interface that packets of an association may enter, if their ports fit. */
export type InboundInterface = { readonly row: SnapshotInterface; readonly outer: SnapshotOuter };

type Ranked = { readonly rank: number; readonly entry: InboundInterface };

/** Interfaces by the ports that they ask for, 0 for any; of equal ones the first. */
class PortIndex {
  readonly #byLocalPort = new Map<number, Map<number, Ranked>>();

  add(rank: number, entry: InboundInterface): void {
    const { localPort, peerPort } = entry.outer;
    const byPeerPort = this.#byLocalPort.get(localPort) ?? new Map<number, Ranked>();
    this.#byLocalPort.set(localPort, byPeerPort);
    if (!byPeerPort.has(peerPort)) byPeerPort.set(peerPort, { rank, entry });
  }

  /** The first in rank whose ports are these, or any. */
  find(peerPort: number, localPort: number): InboundInterface | null {
    const named = best(this.#byLocalPort.get(localPort), peerPort);
    const any = best(this.#byLocalPort.get(0), peerPort);
    return first(named, any)?.entry ?? null;
  }
}

function best(byPeerPort: ReadonlyMap<number, Ranked> | undefined, peerPort: number): Ranked | undefined {
  return byPeerPort === undefined ? undefined : first(byPeerPort.get(peerPort), byPeerPort.get(0));
}

function first(left: Ranked | undefined, right: Ranked | undefined): Ranked | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return left.rank <= right.rank ? left : right;
}

/** The interfaces of one pair. Associations keep it from snapshot to snapshot; its members change. */
export class InterfaceGroup {
  readonly family: 4 | 6;
  /** 16 bytes; IPv4 in the first four. Groups with one local address share these bytes, so that they stay in the cache. */
  readonly local: Uint8Array;
  /** As `local`. */
  readonly peer: Uint8Array;
  #members: readonly InboundInterface[] = [];
  /** The member of a group that has one: as a rule, and then nothing has to be looked up. */
  #only: InboundInterface | null = null;
  #all = new PortIndex();
  /** Slot of the first, for drops before the interface is known; 0 for none. A field, because each packet reads it. */
  slot = 0;

  constructor(family: 4 | 6, local: Uint8Array, peer: Uint8Array) {
    this.family = family;
    this.local = local;
    this.peer = peer;
  }

  /** In the order in which they are asked. */
  get members(): readonly InboundInterface[] {
    return this.#members;
  }

  /** Have exactly these members, which come newest first. */
  replace(members: readonly InboundInterface[]): void {
    this.#members = members.toSorted((left, right) => portCount(right.outer) - portCount(left.outer));
    this.#only = this.#members.length === 1 ? (this.#members[0] ?? null) : null;
    this.slot = this.#members[0]?.row.slot ?? 0;
    this.#all = new PortIndex();
    for (const [rank, entry] of this.#members.entries()) this.#all.add(rank, entry);
  }

  /** The member that takes these ports, or null. */
  find(peerPort: number, localPort: number): InboundInterface | null {
    if (this.#only === null) return this.#all.find(peerPort, localPort);
    return takesPorts(this.#only.outer, peerPort, localPort) ? this.#only : null;
  }
}

/** Whether an interface with these outer ports takes packets with those. */
export function takesPorts(outer: SnapshotOuter, peerPort: number, localPort: number): boolean {
  const isLocal = outer.localPort === 0 || outer.localPort === localPort;
  return isLocal && (outer.peerPort === 0 || outer.peerPort === peerPort);
}

function portCount(outer: SnapshotOuter): number {
  return (outer.localPort === 0 ? 0 : 1) + (outer.peerPort === 0 ? 0 : 1);
}
