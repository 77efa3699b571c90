/**
 * What `culvert route` may change, and what it means: a route leads through one of our interfaces, by one of its inner
 * addresses (as in ipsecif(4)'s example), by its peer or by name, or it leads nowhere. Pure: the machine's routes are
 * an argument.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { addressFamily, type IpAddress } from '#core/ip/address.ts';
import { networkPrefix, prefixContains, prefixParts, type IpPrefix } from '#core/ip/prefix.ts';
import type { Interface } from '#core/ipsecif/interface.ts';
import { nowhereMetric, type HostRoute } from '#core/tunnel/port/route-port.ts';

/** A route to add, or the one to put in the place of another. */
export type RouteRequest = {
  readonly destination: IpPrefix;
  readonly kind: HostRoute['kind'];
  /** An address to route by; for `unicast` this or `interface`. */
  readonly gateway: IpAddress | null;
  readonly interface: string | null;
  /** Source for this machine's own packets (route(8)'s -ifa). */
  readonly source: IpAddress | null;
  /** Refuse the destination when the interface is gone, instead of sending it elsewhere in the clear. */
  readonly isFailClosed: boolean;
};

/** Which route to delete; null for what does not matter. */
export type RouteChoice = {
  readonly destination: IpPrefix;
  readonly kind: HostRoute['kind'] | null;
  readonly gateway: IpAddress | null;
  readonly interface: string | null;
};

/**
 * The route that a request means.
 * @throws {IpsecError} `ROUTE_GATEWAY`, `ROUTE_FOREIGN`, `ADDRESS_FAMILY_MIXED`, `INTERFACE_NOT_FOUND`.
 */
export function resolveRoute(request: RouteRequest, interfaces: readonly Interface[]): HostRoute {
  const destination = networkPrefix(request.destination);
  const { kind, gateway, source } = request;
  checkFamilies(destination, [gateway, source]);
  const origin = 'culvert';
  if (kind !== 'unicast') return { ...nowhere(destination), kind };
  const way = gateway === null ? throughInterface(request.interface, interfaces) : throughGateway(gateway, interfaces);
  if (request.interface !== null && way.interface !== request.interface) {
    const message = `${gateway ?? ''} is an address of ${way.interface}, not of ${request.interface}`;
    throw new IpsecError('ROUTE_GATEWAY', message, { field: 'gateway' });
  }
  return { destination, kind, ...way, source: source ?? way.source, metric: 0, origin };
}

/** The route that refuses what has lost its way. */
export function nowhere(destination: IpPrefix): HostRoute {
  return {
    ...{ destination, kind: 'reject', metric: nowhereMetric, origin: 'culvert' },
    ...{ interface: null, gateway: null, source: null },
  };
}

/**
 * Refuse a route that would lead a tunnel's own packets into itself. One that contains the peer is well where the
 * machine has a more specific route to it, outside.
 * @throws {IpsecError} `TUNNEL_ROUTE_LOOP`.
 */
export function checkRouteLoop(route: HostRoute, record: Interface | undefined, toPeer: HostRoute | null): void {
  const peer = record?.outer?.peer;
  if (peer === undefined || !prefixContains(route.destination, peer)) return;
  const { length } = prefixParts(route.destination);
  const isOutside = toPeer !== null && toPeer.interface !== route.interface;
  if (isOutside && prefixParts(toPeer.destination).length > length) return;
  const message = `the way to ${peer}, the peer of ${record?.name ?? ''}, would lead through the tunnel itself`;
  throw new IpsecError('TUNNEL_ROUTE_LOOP', message, { field: 'destination' });
}

/**
 * The route that a choice means, of those that may be changed.
 * @throws {IpsecError} `ROUTE_NOT_FOUND`, `ROUTE_FOREIGN` with where it leads.
 */
export function chooseRoute(choice: RouteChoice, routes: readonly HostRoute[], names: ReadonlySet<string>): HostRoute {
  const destination = networkPrefix(choice.destination);
  const equal = routes.filter((route) => route.destination === destination && fits(choice, route));
  const own =
    equal.find((route) => isOurs(route, names) && route.kind === 'unicast') ??
    equal.find((route) => isOurs(route, names));
  if (own !== undefined) return own;
  const [other] = equal;
  if (other === undefined) {
    throw new IpsecError('ROUTE_NOT_FOUND', `there is no such route to ${destination}`, { field: 'destination' });
  }
  const message =
    other.interface !== null && names.has(other.interface)
      ? `the route to ${destination} belongs to an address of ${other.interface}`
      : `the route to ${destination} leads ${other.interface === null ? 'nowhere' : `through ${other.interface}`}`;
  throw new IpsecError('ROUTE_FOREIGN', message, { field: 'destination' });
}

/** Whether a route may be changed: through one of our interfaces, unless an address made it, or nowhere and by us. */
export function isOurs({ kind, interface: name, origin }: HostRoute, names: ReadonlySet<string>): boolean {
  if (kind !== 'unicast') return origin === 'culvert';
  return name !== null && names.has(name) && origin !== 'kernel';
}

/** The route that refuses `destination`, of those in the list; null where a packet has another fate. */
export function findNowhere(destination: IpAddress, routes: readonly HostRoute[]): HostRoute | null {
  const matching = routes.filter((route) => prefixContains(route.destination, destination));
  const [best] = matching.toSorted(
    (left, right) =>
      prefixParts(right.destination).length - prefixParts(left.destination).length || left.metric - right.metric,
  );
  return best === undefined || best.kind === 'unicast' ? null : best;
}

type Way = { readonly interface: string; readonly gateway: IpAddress | null; readonly source: IpAddress | null };

function throughInterface(name: string | null, interfaces: readonly Interface[]): Way {
  if (name === null) throw new IpsecError('ROUTE_GATEWAY', 'the route names no gateway and no interface');
  if (!/^ipsec[0-9]+$/.test(name)) {
    throw new IpsecError('ROUTE_FOREIGN', `${name} is no ipsec interface`, { field: 'interface' });
  }
  if (interfaces.some((record) => record.name === name)) return { interface: name, gateway: null, source: null };
  throw new IpsecError('INTERFACE_NOT_FOUND', `interface ${name} does not exist`, { field: 'interface' });
}

/** An own inner address means its interface and is the source, as on BSD; any other is the next hop there. */
function throughGateway(gateway: IpAddress, interfaces: readonly Interface[]): Way {
  for (const { name, addresses } of interfaces) {
    for (const { address, peer, prefixLength } of addresses) {
      if (address === gateway) return { interface: name, gateway: null, source: address };
      const isNeighbour = peer === null && prefixContains(`${address}/${prefixLength}` as IpPrefix, gateway);
      if (peer === gateway || isNeighbour) return { interface: name, gateway, source: null };
    }
  }
  const message = `${gateway} is no inner address of an ipsec interface, nor the peer of one`;
  throw new IpsecError('ROUTE_GATEWAY', message, { field: 'gateway' });
}

function fits({ kind, gateway, interface: name }: RouteChoice, route: HostRoute): boolean {
  const leadsBy = gateway === null || route.gateway === gateway || route.source === gateway;
  return (kind === null || route.kind === kind) && (name === null || route.interface === name) && leadsBy;
}

function checkFamilies(destination: IpPrefix, addresses: readonly (IpAddress | null)[]): void {
  const family = addressFamily(prefixParts(destination).address);
  const other = addresses.find((address) => address !== null && addressFamily(address) !== family);
  if (other === undefined) return;
  const message = `${destination} and ${String(other)} are of different families`;
  throw new IpsecError('ADDRESS_FAMILY_MIXED', message, { field: 'gateway' });
}
