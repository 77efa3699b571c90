/**
 * The way of a tunnel's own packets, where its routes cover the peer: a host route to the peer by the way that the
 * machine has without the tunnel. It is kept when that way changes, and goes with the tunnel. Without it the packets
 * are routed into the tunnel and dropped there (`outRouteLoop`): the tunnel is silent, and nothing is in the clear.
 * @module
 */
import { addressFamily, type IpAddress } from '#core/ip/address.ts';
import { hostPrefix, prefixContains, prefixParts, type IpPrefix } from '#core/ip/prefix.ts';
import { isInterfaceName } from '#core/ipsecif/interface.ts';
import type { HostRoute, RoutePort } from '#core/tunnel/port/route-port.ts';
import type { Transaction } from '#core/tunnel/transaction.ts';

/** What a way out is made for. */
export type WayOutRequest = { readonly peer: IpAddress; readonly destinations: readonly IpPrefix[] };

/** What it is made with. */
export type WayOutSurroundings = { readonly host: RoutePort; readonly transaction: Transaction };

/**
 * Have the peer reached outside; `before` is what an earlier call gave. Null where no route of the tunnel covers the
 * peer, or the machine has a better one to it, or none at all.
 */
export async function keepWayOut(
  { peer, destinations }: WayOutRequest,
  before: HostRoute | null,
  { host, transaction }: WayOutSurroundings,
): Promise<HostRoute | null> {
  const isCovered = destinations.some((destination) => prefixContains(destination, peer));
  if (!isCovered && before === null) return null;
  const routes = await host.listRoutes();
  const wanted = isCovered ? planWayOut({ peer, destinations }, routes) : null;
  const present = before === null ? undefined : routes.find((route) => isSame(route, before));
  if (wanted !== null && present !== undefined && isSame(present, wanted)) return wanted;
  if (present !== undefined && wanted?.destination !== present.destination) {
    await host.removeRoute(present);
    transaction.onRollback(() => host.addRoute(present, true));
  }
  if (wanted === null) return null;
  await host.addRoute(wanted, true);
  transaction.onRollback(() => (present === undefined ? host.removeRoute(wanted) : host.addRoute(present, true)));
  return wanted;
}

/** The host route that is wanted; null where a more specific one, or none, leads to the peer outside. */
export function planWayOut({ peer, destinations }: WayOutRequest, routes: readonly HostRoute[]): HostRoute | null {
  const outside = wayOutside(peer, routes);
  if (outside === null) return null;
  const lengthOf = (destination: IpPrefix): number => prefixParts(destination).length;
  const covering = destinations.filter((destination) => prefixContains(destination, peer)).map(lengthOf);
  if (covering.every((length) => length < lengthOf(outside.destination))) return null;
  return { ...outside, destination: hostPrefix(peer), metric: 0, origin: 'culvert' };
}

/** Whether a route is such a way out: ours, to one address, and through no tunnel. */
export function isWayOut({ kind, origin, destination, interface: name }: HostRoute): boolean {
  const { address, length } = prefixParts(destination);
  if (kind !== 'unicast' || origin !== 'culvert' || name === null || isInterfaceName(name)) return false;
  return length === (addressFamily(address) === 4 ? 32 : 128);
}

/** The route that the machine has to an address without tunnels, and without what is kept for them. */
function wayOutside(peer: IpAddress, routes: readonly HostRoute[]): HostRoute | null {
  const outside = routes.filter(
    (route) =>
      route.kind === 'unicast' &&
      route.origin !== 'culvert' &&
      (route.interface === null || !isInterfaceName(route.interface)) &&
      prefixContains(route.destination, peer),
  );
  const [best] = outside.toSorted(
    (left, right) =>
      prefixParts(right.destination).length - prefixParts(left.destination).length || left.metric - right.metric,
  );
  return best ?? null;
}

/** Metric 0 reads as the system's own default, which is another number for IPv6. */
function isSame(left: HostRoute, right: HostRoute): boolean {
  return (
    left.destination === right.destination &&
    left.interface === right.interface &&
    left.gateway === right.gateway &&
    left.source === right.source &&
    left.kind === right.kind &&
    left.origin === right.origin
  );
}
