/**
 * How the SAD finds associations: by destination and SPI (RFC 4301 §4.1, inbound), by address pair (outbound), and in
 * heads, NetBSD's groups of equal addresses, mode and reqid (key.c: secashead), which give the order of dumps.
 *
 * Every operation costs what it touches: ten thousand associations are added in a linear number of steps.
 * @module
 */
import { invariant } from '#core/base/invariant.ts';
import type { IpAddress } from '#core/ip/address.ts';
import type { AssociationState, SecurityAssociation } from './security-association.ts';

/** What an outbound policy asks for. */
export type OutboundQuery = {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  /** 0: any. */
  readonly reqid: number;
  /** UDP ports of the interface, each 0 where not set; null or both 0: any association. Set ones ask for UDP encapsulation with exactly them. */
  readonly ports: { readonly source: number; readonly destination: number } | null;
};

/** UDP ports, 0 or null where they do not matter. */
type WantedPorts = OutboundQuery['ports'];

/** Everything between two addresses: in heads, and by UDP ports, which tell a thousand tunnels behind one NAT apart. */
type Pair = {
  readonly heads: Map<string, Head>;
  readonly byPorts: Map<string, Map<number, SecurityAssociation>>;
  /** Number of the last change. */
  changed: number;
};

type Head = { readonly key: string; readonly members: Map<number, SecurityAssociation> };

/** The associations of one SAD, indexed. */
export class AssociationIndex {
  readonly #all = new Map<number, SecurityAssociation>();
  readonly #bySpi = new Map<string, SecurityAssociation>();
  readonly #spiUsers = new Map<number, number>();
  readonly #pairs = new Map<string, Pair>();
  #changes = 0;

  /** How many there are. */
  get size(): number {
    return this.#all.size;
  }

  /** The one with this id. */
  find(id: number): SecurityAssociation | null {
    return this.#all.get(id) ?? null;
  }

  /** All, in order of insertion. */
  all(): Iterable<SecurityAssociation> {
    return this.#all.values();
  }

  /** The one with this destination and SPI. */
  findBySpi(destination: IpAddress, spi: number): SecurityAssociation | null {
    return this.#bySpi.get(spiKey(destination, spi)) ?? null;
  }

  /** Whether any association has this SPI. */
  hasSpi(spi: number): boolean {
    return this.#spiUsers.has(spi);
  }

  /** Put in one whose destination and SPI are free. */
  insert(association: SecurityAssociation): void {
    const { id, source, destination, spi } = association;
    const name = spiKey(destination, spi);
    invariant(!this.#all.has(id) && !this.#bySpi.has(name), 'an association is inserted once');
    this.#all.set(id, association);
    this.#bySpi.set(name, association);
    this.#spiUsers.set(spi, (this.#spiUsers.get(spi) ?? 0) + 1);
    const key = pairKey(source, destination);
    let pair = this.#pairs.get(key);
    if (pair === undefined) this.#pairs.set(key, (pair = { heads: new Map(), byPorts: new Map(), changed: 0 }));
    pair.changed = ++this.#changes;
    this.#headFor(pair.heads, association).members.set(id, association);
    const ports = portsKey(association.ports);
    const alike = pair.byPorts.get(ports);
    if (alike === undefined) pair.byPorts.set(ports, new Map([[id, association]]));
    else alike.set(id, association);
  }

  /** Take out exactly this record. */
  remove(association: SecurityAssociation): void {
    const { id, source, destination, spi } = association;
    invariant(this.#all.get(id) === association, 'only a current record is removed');
    this.#all.delete(id);
    this.#bySpi.delete(spiKey(destination, spi));
    const users = this.#spiUsers.get(spi) ?? 0;
    if (users > 1) this.#spiUsers.set(spi, users - 1);
    else this.#spiUsers.delete(spi);
    const key = pairKey(source, destination);
    const pair = this.#pairs.get(key);
    const head = pair?.heads.get(headKey(association));
    const alike = pair?.byPorts.get(portsKey(association.ports));
    if (pair !== undefined) pair.changed = ++this.#changes;
    head?.members.delete(id);
    alike?.delete(id);
    if (head?.members.size === 0) pair?.heads.delete(head.key);
    if (alike?.size === 0) pair?.byPorts.delete(portsKey(association.ports));
    if (pair?.heads.size === 0) this.#pairs.delete(key);
  }

  /** All from `source` to `destination` that have these ports. With both set it costs only what it gives. */
  *between(source: IpAddress, destination: IpAddress, ports: WantedPorts = null): Iterable<SecurityAssociation> {
    const pair = this.#pairs.get(pairKey(source, destination));
    if (pair === undefined) return;
    if (ports !== null && ports.source !== 0 && ports.destination !== 0) {
      yield* pair.byPorts.get(portsKey(ports))?.values() ?? [];
      return;
    }
    for (const { members } of pair.heads.values()) {
      for (const association of members.values()) if (fitsPorts(association, ports)) yield association;
    }
  }

  /** Number of the last change between two addresses; 0 while there is nothing between them. Equal numbers mean nothing has changed. */
  lastChange(source: IpAddress, destination: IpAddress): number {
    return this.#pairs.get(pairKey(source, destination))?.changed ?? 0;
  }

  /** The best association for a query: mature before dying, then the newest. */
  findOutbound(query: OutboundQuery): SecurityAssociation | null {
    const { source, destination, reqid, ports } = query;
    let best: SecurityAssociation | null = null;
    for (const candidate of this.between(source, destination, ports)) {
      if ((reqid === 0 || candidate.reqid === reqid) && isPreferred(candidate, best)) best = candidate;
    }
    return best;
  }

  /** Dump order: newest head first, newest association first within a head. */
  list(): SecurityAssociation[] {
    const heads: SecurityAssociation[][] = [];
    for (const pair of this.#pairs.values()) {
      for (const { members } of pair.heads.values())
        heads.push([...members.values()].sort((left, right) => right.id - left.id));
    }
    return heads.sort((left, right) => headAge(right) - headAge(left)).flat();
  }

  #headFor(heads: Map<string, Head>, association: SecurityAssociation): Head {
    const key = headKey(association);
    const found = heads.get(key);
    if (found !== undefined) return found;
    const head: Head = { key, members: new Map() };
    heads.set(key, head);
    return head;
  }
}

/** A head is as old as its oldest association, which stands last; that survives a rolled-back removal. */
function headAge(newestFirst: readonly SecurityAssociation[]): number {
  return newestFirst.at(-1)?.id ?? 0;
}

/** Only mature and dying associations carry packets. */
const preference: Readonly<Record<AssociationState, number>> = { mature: 2, dying: 1, larval: 0, dead: 0 };

function isPreferred(candidate: SecurityAssociation, best: SecurityAssociation | null): boolean {
  const rank = preference[candidate.state];
  if (rank === 0) return false;
  if (best === null) return true;
  const bestRank = preference[best.state];
  return rank > bestRank || (rank === bestRank && candidate.id > best.id);
}

/**
 * Whether an association has the ports that are wanted, each 0 where it does not matter. An interface with ports shares
 * its address pair with others, so only its own ports tell its associations apart, and plain ESP is not among them.
 */
function fitsPorts(association: SecurityAssociation, wanted: WantedPorts): boolean {
  if (wanted === null || (wanted.source === 0 && wanted.destination === 0)) return true;
  const { ports } = association;
  if (ports === null) return false;
  if (wanted.source !== 0 && wanted.source !== ports.source) return false;
  return wanted.destination === 0 || wanted.destination === ports.destination;
}

function spiKey(destination: IpAddress, spi: number): string {
  return `${destination} ${spi}`;
}

function portsKey(ports: SecurityAssociation['ports']): string {
  return ports === null ? '' : `${ports.source} ${ports.destination}`;
}

function pairKey(source: IpAddress, destination: IpAddress): string {
  return `${source} ${destination}`;
}

function headKey({ source, destination, mode, reqid }: SecurityAssociation): string {
  return `${source} ${destination} ${mode} ${reqid}`;
}
