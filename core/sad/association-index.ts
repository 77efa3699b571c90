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

type Head = { readonly key: string; readonly reqid: number; readonly members: Map<number, SecurityAssociation> };

/** The associations of one SAD, indexed. */
export class AssociationIndex {
  readonly #all = new Map<number, SecurityAssociation>();
  readonly #bySpi = new Map<string, SecurityAssociation>();
  readonly #spiUsers = new Map<number, number>();
  readonly #pairs = new Map<string, Map<string, Head>>();

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
    const key = spiKey(destination, spi);
    invariant(!this.#all.has(id) && !this.#bySpi.has(key), 'an association is inserted once');
    this.#all.set(id, association);
    this.#bySpi.set(key, association);
    this.#spiUsers.set(spi, (this.#spiUsers.get(spi) ?? 0) + 1);
    const pair = pairKey(source, destination);
    let heads = this.#pairs.get(pair);
    if (heads === undefined) this.#pairs.set(pair, (heads = new Map()));
    this.#headFor(heads, association).members.set(id, association);
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
    const pair = pairKey(source, destination);
    const heads = this.#pairs.get(pair);
    const head = heads?.get(headKey(association));
    head?.members.delete(id);
    if (head?.members.size === 0) heads?.delete(head.key);
    if (heads?.size === 0) this.#pairs.delete(pair);
  }

  /** All from `source` to `destination`. */
  *between(source: IpAddress, destination: IpAddress): Iterable<SecurityAssociation> {
    const heads = this.#pairs.get(pairKey(source, destination));
    if (heads !== undefined) for (const head of heads.values()) yield* head.members.values();
  }

  /** The best association for a query: mature before dying, then the newest. */
  findOutbound(query: OutboundQuery): SecurityAssociation | null {
    const heads = this.#pairs.get(pairKey(query.source, query.destination));
    let best: SecurityAssociation | null = null;
    if (heads === undefined) return best;
    for (const head of heads.values()) {
      if (query.reqid !== 0 && head.reqid !== query.reqid) continue;
      for (const candidate of head.members.values()) {
        if (fitsPorts(candidate, query.ports) && isPreferred(candidate, best)) best = candidate;
      }
    }
    return best;
  }

  /** Dump order: newest head first, newest association first within a head. */
  list(): SecurityAssociation[] {
    const heads: SecurityAssociation[][] = [];
    for (const pair of this.#pairs.values()) {
      for (const { members } of pair.values())
        heads.push([...members.values()].sort((left, right) => right.id - left.id));
    }
    return heads.sort((left, right) => headAge(right) - headAge(left)).flat();
  }

  #headFor(heads: Map<string, Head>, association: SecurityAssociation): Head {
    const key = headKey(association);
    const found = heads.get(key);
    if (found !== undefined) return found;
    const head: Head = { key, reqid: association.reqid, members: new Map() };
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
export function fitsPorts(association: SecurityAssociation, wanted: OutboundQuery['ports']): boolean {
  if (wanted === null || (wanted.source === 0 && wanted.destination === 0)) return true;
  const { ports } = association;
  if (ports === null) return false;
  if (wanted.source !== 0 && wanted.source !== ports.source) return false;
  return wanted.destination === 0 || wanted.destination === ports.destination;
}

function spiKey(destination: IpAddress, spi: number): string {
  return `${destination} ${spi}`;
}

function pairKey(source: IpAddress, destination: IpAddress): string {
  return `${source} ${destination}`;
}

function headKey({ source, destination, mode, reqid }: SecurityAssociation): string {
  return `${source} ${destination} ${mode} ${reqid}`;
}
