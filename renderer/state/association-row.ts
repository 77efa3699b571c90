/**
 * The associations as the window lists them: by tunnel, out over in, with what the helper tells of each and nothing that
 * it does not. A larval association is a row without keys, limits or counters.
 * @module
 */
import type { AssociationStatus, Status } from '#core/api/contract.ts';
import { suiteLabel } from '../text/suite-label.ts';
import type { Tunnel } from './tunnel-list.ts';
import { associationEndsMs } from './tunnel-condition.ts';

/** How much of each limit is used, 0 to 1; null where there is no limit. */
export type Lifespan = {
  readonly time: number | null;
  readonly bytes: number | null;
  /** Where the soft limit of time stands; null without. */
  readonly soft: number | null;
};

/** A row; null stands for what is not known or does not apply. */
export type AssociationRow = {
  readonly key: string;
  /** The tunnel whose policies select it, by the person's name; null where none does. */
  readonly tunnel: string | null;
  readonly interfaceName: string | null;
  readonly direction: 'out' | 'in' | null;
  readonly source: string;
  readonly destination: string;
  readonly protocol: 'esp' | 'esp-udp';
  readonly spi: number;
  readonly state: AssociationStatus['state'];
  readonly reqid: number;
  /** What it carries inside, by the policies that ask for its reqid. */
  readonly inner: 'IPv4' | 'IPv6' | 'both' | null;
  readonly suite: string | null;
  readonly sequence: number | null;
  /** Packets that the replay window reaches back; null outbound. */
  readonly windowPackets: number | null;
  readonly life: Lifespan | null;
  readonly endsMs: number | null;
  readonly packets: number | null;
  readonly bytes: number | null;
  /** 0 for never. */
  readonly lastUsedMs: number | null;
  /** Refused packets: replayed or not authentic. Counted inbound only. */
  readonly drops: number | null;
  readonly association: AssociationStatus | null;
};

/** The rows of one tunnel. */
export type AssociationGroup = {
  readonly key: string;
  readonly tunnel: string | null;
  readonly interfaceName: string | null;
  readonly ends: { readonly local: string; readonly peer: string } | null;
  readonly rows: readonly AssociationRow[];
};

/** Every association of `status`, pairs side by side, tunnels in the order of `tunnels`. */
export function listAssociations(status: Status, tunnels: readonly Tunnel[]): readonly AssociationRow[] {
  const inner = innerByReqid(status);
  const byInterface = new Map(tunnels.map((tunnel, index) => [tunnel.interfaceName, { tunnel, index }]));
  const rows = [
    ...status.associations.map((association) => rowOf(association, status, byInterface, inner)),
    ...status.larvals.map((larval): AssociationRow => larvalRow(larval, inner)),
  ];
  const place = ({ interfaceName }: AssociationRow): number => byInterface.get(interfaceName ?? '')?.index ?? Infinity;
  const generation = generations(rows);
  return rows.toSorted(
    (a, b) =>
      compare(place(a), place(b)) ||
      compare(a.inner ?? '~', b.inner ?? '~') ||
      compare(generation.get(a.key) ?? 0, generation.get(b.key) ?? 0) ||
      compare(a.direction === 'out' ? 0 : 1, b.direction === 'out' ? 0 : 1) ||
      compare(a.spi, b.spi),
  );
}

/** The groups of rows that stand in tunnel order. */
export function groupByTunnel(rows: readonly AssociationRow[], tunnels: readonly Tunnel[]): AssociationGroup[] {
  const groups = new Map<string, AssociationRow[]>();
  for (const row of rows) {
    const key = row.interfaceName ?? '';
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups].map(([key, members]) => {
    const outer = tunnels.find(({ interfaceName }) => interfaceName === key)?.interface?.tunnel ?? null;
    return {
      key,
      tunnel: members[0]?.tunnel ?? null,
      interfaceName: members[0]?.interfaceName ?? null,
      ends: outer === null ? null : { local: outer.local, peer: outer.peer },
      rows: members,
    };
  });
}

/** Where a row stands in its pair of out and in, for the bracket beside them; null alone. */
export function pairPlace(
  row: AssociationRow,
  before: AssociationRow | undefined,
  after: AssociationRow | undefined,
): 'first' | 'second' | null {
  if (row.direction === 'out' && after !== undefined && isPair(row, after)) return 'first';
  if (row.direction === 'in' && before !== undefined && isPair(before, row)) return 'second';
  return null;
}

function isPair(out: AssociationRow, back: AssociationRow): boolean {
  return (
    out.direction === 'out' &&
    back.direction === 'in' &&
    out.source === back.destination &&
    out.destination === back.source &&
    out.inner === back.inner
  );
}

/**
 * How many newer ones there are of the same tunnel, family and direction. The nth newest out stands over the nth newest
 * in: keys that are renewed together are drawn together, though not made in the same instant.
 */
function generations(rows: readonly AssociationRow[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const found = new Map<string, number>();
  const newestFirst = rows.toSorted(
    (a, b) => compare(b.association?.createdMs ?? 0, a.association?.createdMs ?? 0) || compare(a.spi, b.spi),
  );
  for (const { key, interfaceName, inner, direction } of newestFirst) {
    const kind = `${interfaceName} ${inner} ${direction}`;
    const count = counts.get(kind) ?? 0;
    found.set(key, count);
    counts.set(kind, count + 1);
  }
  return found;
}

function compare<T extends string | number>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

type Families = ReadonlyMap<number, 'IPv4' | 'IPv6' | 'both'>;

/** What the policies of interfaces carry by each reqid: upper protocol 4 is IPv4 inside, 41 IPv6 (if_ipsec.c). */
function innerByReqid({ policies }: Status): Families {
  const found = new Map<number, 'IPv4' | 'IPv6' | 'both'>();
  for (const { requests, upperProtocol } of policies) {
    const family = upperProtocol === 4 ? 'IPv4' : upperProtocol === 41 ? 'IPv6' : null;
    if (family === null) continue;
    for (const { reqid } of requests) {
      const known = found.get(reqid);
      found.set(reqid, known === undefined || known === family ? family : 'both');
    }
  }
  return found;
}

function rowOf(
  association: AssociationStatus,
  status: Status,
  byInterface: ReadonlyMap<string, { readonly tunnel: Tunnel }>,
  inner: Families,
): AssociationRow {
  const { source, destination, protocol, spi, state, reqid, usage, encryption, integrity } = association;
  const interfaceName = association.interfaces[0] ?? null;
  const tunnel = byInterface.get(interfaceName ?? '')?.tunnel ?? null;
  const direction = directionOf(association, tunnel, status);
  const isInbound = direction === 'in';
  return {
    key: String(association.id),
    ...{ source, destination, protocol, spi, state, reqid, interfaceName, direction, association },
    tunnel: tunnel?.name ?? null,
    inner: inner.get(reqid) ?? null,
    suite: suiteLabel({ encryption, integrity, bits: association.encryptionKeyBits }),
    sequence: usage.sequence,
    windowPackets: direction === 'out' ? null : association.replayBytes * 8,
    life: lifespanOf(association, status.nowMs),
    endsMs: finite(associationEndsMs(association)),
    packets: usage.packets,
    bytes: usage.bytes,
    lastUsedMs: usage.lastUsedMs,
    drops: isInbound ? usage.replayDrops + usage.authenticationFailures : null,
  };
}

function larvalRow(larval: Status['larvals'][number], inner: Families): AssociationRow {
  const { source, destination, protocol, spi, reqid } = larval;
  return {
    key: `larval-${spi}-${destination}`,
    ...{ source, destination, protocol, spi, reqid },
    tunnel: null,
    interfaceName: null,
    direction: null,
    state: 'larval',
    inner: inner.get(reqid) ?? null,
    suite: null,
    sequence: null,
    windowPackets: null,
    life: null,
    endsMs: null,
    packets: null,
    bytes: null,
    lastUsedMs: null,
    drops: null,
    association: null,
  };
}

/** By the outer addresses of its tunnel, or of any interface that has one of its ends. */
function directionOf(
  { source, destination }: AssociationStatus,
  tunnel: Tunnel | null,
  { interfaces }: Status,
): 'out' | 'in' | null {
  const own = tunnel?.interface?.tunnel?.local;
  if (own === source) return 'out';
  if (own === destination) return 'in';
  const locals = interfaces.flatMap((link) => (link.tunnel === null ? [] : [link.tunnel.local]));
  if (locals.includes(source)) return 'out';
  return locals.includes(destination) ? 'in' : null;
}

function lifespanOf({ createdMs, hard, soft, usage }: AssociationStatus, nowMs: number): Lifespan | null {
  if (hard.addSeconds === 0 && hard.bytes === 0) return null;
  const ageSeconds = Math.max(0, nowMs - createdMs) / 1000;
  return {
    time: hard.addSeconds === 0 ? null : Math.min(1, ageSeconds / hard.addSeconds),
    bytes: hard.bytes === 0 ? null : Math.min(1, usage.bytes / hard.bytes),
    soft: hard.addSeconds === 0 || soft.addSeconds === 0 ? null : soft.addSeconds / hard.addSeconds,
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
