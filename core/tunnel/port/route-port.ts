/**
 * The machine's routes. What leads into an interface goes with its device, whoever made it; what leads nowhere stays.
 * @module
 */
import type { IpAddress } from '#core/ip/address.ts';
import type { IpPrefix } from '#core/ip/prefix.ts';

/** What becomes of a packet: it is sent on, dropped in silence, or refused with an answer. */
export const routeKinds = ['unicast', 'blackhole', 'reject'] as const;

/** Who made a route: the system for an address, Culvert for `culvert route`, or somebody else. */
export const routeOrigins = ['kernel', 'culvert', 'other'] as const;

/** A route of the machine. */
export type HostRoute = {
  /** Without host bits. */
  readonly destination: IpPrefix;
  readonly kind: (typeof routeKinds)[number];
  /** Null unless `unicast`. */
  readonly interface: string | null;
  /** Next hop; null where the destination itself is beyond the interface. */
  readonly gateway: IpAddress | null;
  /** The source that packets of this machine get; null where the system chooses. */
  readonly source: IpAddress | null;
  /** Of routes to one prefix the one with the lowest is used. */
  readonly metric: number;
  readonly origin: (typeof routeOrigins)[number];
};

/**
 * Metric of routes that lead nowhere: any other to the same prefix goes before them, so that what they refuse is only
 * what no longer has a way, as when a tunnel's device is gone.
 */
export const nowhereMetric = 4278198272;

/** The machine's routes. A call does what it says or throws an `IpsecError` (`HOST_*`, `ROUTE_*`) and changes nothing. */
export type RoutePort = {
  /** Add a route of origin `culvert`. @throws `ROUTE_EXISTS` when there is one to the prefix with this metric, unless `isReplacing`. */
  addRoute(route: HostRoute, isReplacing: boolean): Promise<void>;
  /** @throws `ROUTE_NOT_FOUND`. */
  removeRoute(route: HostRoute): Promise<void>;
  /** Add many at once: all of them or none. @throws `ROUTE_EXISTS`. */
  addRoutes(routes: readonly HostRoute[]): Promise<void>;
  /** Remove many of ours at once; those that are gone already are no error. */
  removeRoutes(routes: readonly HostRoute[]): Promise<void>;
  /** The main table, both families. */
  listRoutes(): Promise<readonly HostRoute[]>;
  /** The route that a packet to `destination` takes, in whatever table; null where the machine sends none. */
  findRoute(destination: IpAddress): Promise<HostRoute | null>;
};
