/**
 * Routes into interfaces, as the machine keeps them. They go with their device, whoever made them.
 * @module
 */
import type { IpPrefix } from '#core/ip/prefix.ts';

/** A route whose next hop is whatever is at the other end of a point-to-point interface. */
export type InterfaceRoute = { readonly destination: IpPrefix; readonly interface: string };

/** The machine's routes. A call does what it says or throws an `IpsecError` (`HOST_*`, `ROUTE_*`) and changes nothing. */
export type RoutePort = {
  /** One that is there already, into the same interface, is as good. */
  addInterfaceRoute(route: InterfaceRoute): Promise<void>;
  removeInterfaceRoute(route: InterfaceRoute): Promise<void>;
};
