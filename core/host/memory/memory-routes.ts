/**
 * The routes of a host of the in-process network, as a gateway's `RoutePort` has them.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import type { IpAddress } from '#core/ip/address.ts';
import { networkPrefix, prefixParts } from '#core/ip/prefix.ts';
import type { HostRoute } from '#core/tunnel/port/route-port.ts';
import type { Host } from './host.ts';
import type { Route } from './routing-table.ts';

/** Add a route of ours; `isReplacing` takes those of the same prefix and metric away. */
export function addMemoryRoute(host: Host, route: HostRoute, isReplacing: boolean): void {
  const { destination: prefix, kind, interface: name, gateway, source, metric } = route;
  const isEqual = (other: Route): boolean => isSame(other, route);
  if (isReplacing) host.routes.removeWhere(isEqual);
  else if ([...host.routes.list()].some(isEqual)) {
    throw new IpsecError('ROUTE_EXISTS', `there is a route to ${prefix} already`, { field: 'destination' });
  }
  const nowhere = kind === 'unicast' ? {} : { nowhere: kind };
  host.routes.add({ prefix, interfaceName: name ?? '', gateway, source, metric, origin: 'culvert', ...nowhere });
}

/** Remove a route. @throws {IpsecError} `ROUTE_NOT_FOUND`. */
export function removeMemoryRoute(host: Host, route: HostRoute): void {
  const isEqual = (other: Route): boolean => isSame(other, route) && other.interfaceName === (route.interface ?? '');
  if (![...host.routes.list()].some(isEqual)) {
    throw new IpsecError('ROUTE_NOT_FOUND', `there is no such route to ${route.destination}`, { field: 'destination' });
  }
  host.routes.removeWhere(isEqual);
}

/** Add routes: all of them or none. @throws {IpsecError} `ROUTE_EXISTS`. */
export function addMemoryRoutes(host: Host, routes: readonly HostRoute[]): void {
  const done: HostRoute[] = [];
  try {
    for (const route of routes) {
      addMemoryRoute(host, route, false);
      done.push(route);
    }
  } catch (error) {
    removeMemoryRoutes(host, done);
    throw error;
  }
}

/** Remove routes, those that are there. */
export function removeMemoryRoutes(host: Host, routes: readonly HostRoute[]): void {
  const isOf = (other: Route, route: HostRoute): boolean =>
    isSame(other, route) && other.interfaceName === (route.interface ?? '');
  host.routes.removeWhere((other) => other.origin === 'culvert' && routes.some((route) => isOf(other, route)));
}

/** Every route of the host. */
export function listMemoryRoutes(host: Host): HostRoute[] {
  return [...host.routes.list()].map((route) => toHostRoute(host, route));
}

/** The route that a packet takes; null where it takes none, or is refused. */
export function findMemoryRoute(host: Host, destination: IpAddress): HostRoute | null {
  const isUsable = (route: Route): boolean => route.nowhere !== undefined || host.interfaceOf(route.interfaceName).isUp;
  const found = host.routes.find(destination, isUsable);
  return found === null || found.nowhere !== undefined ? null : toHostRoute(host, found);
}

function isSame(other: Route, { destination, metric }: HostRoute): boolean {
  return networkPrefix(other.prefix) === destination && (other.metric ?? 0) === metric;
}

function toHostRoute(host: Host, route: Route): HostRoute {
  const { prefix, interfaceName, gateway, nowhere, source = null, metric = 0, origin } = route;
  const isConnected = nowhere === undefined && gateway === null && isOfAddress(host, route);
  return {
    destination: networkPrefix(prefix),
    kind: nowhere ?? 'unicast',
    interface: nowhere === undefined ? interfaceName : null,
    ...{ gateway, source, metric, origin: origin ?? (isConnected ? 'kernel' : 'other') },
  };
}

/** Whether an address of the interface made the route: its peer, or the prefix that it lies in. */
function isOfAddress(host: Host, { prefix, interfaceName }: Route): boolean {
  const { address: target, length } = prefixParts(prefix);
  return host
    .interfaceOf(interfaceName)
    .addresses.some(({ address, prefixLength, peer }) =>
      peer === null ? address === target && prefixLength === length : peer === target,
    );
}
