/**
 * The machine's routes as they would be: changes stay here, and the machine never hears of them. For commands that are
 * tried before they are made.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import type { IpAddress } from '#core/ip/address.ts';
import type { HostRoute, RoutePort } from '#core/tunnel/port/route-port.ts';

/** Routes over those of a machine. */
export class ShadowRoutes implements RoutePort {
  readonly #machine: Pick<RoutePort, 'listRoutes' | 'findRoute'>;
  #routes: readonly HostRoute[] | null = null;

  constructor(machine: Pick<RoutePort, 'listRoutes' | 'findRoute'>) {
    this.#machine = machine;
  }

  addRoute(route: HostRoute, isReplacing: boolean): Promise<void> {
    return this.#add([route], isReplacing);
  }

  addRoutes(routes: readonly HostRoute[]): Promise<void> {
    return this.#add(routes, false);
  }

  async removeRoute(route: HostRoute): Promise<void> {
    const routes = await this.listRoutes();
    const rest = routes.filter((other) => !isSame(other, route));
    if (rest.length === routes.length)
      throw new IpsecError('ROUTE_NOT_FOUND', `there is no such route to ${route.destination}`);
    this.#routes = rest;
  }

  async removeRoutes(routes: readonly HostRoute[]): Promise<void> {
    const present = await this.listRoutes();
    this.#routes = present.filter((other) => !routes.some((route) => isSame(other, route)));
  }

  async listRoutes(): Promise<readonly HostRoute[]> {
    this.#routes ??= await this.#machine.listRoutes();
    return this.#routes;
  }

  /** As the machine sends now: what is tried here is not looked at. */
  findRoute(destination: IpAddress): Promise<HostRoute | null> {
    return this.#machine.findRoute(destination);
  }

  async #add(added: readonly HostRoute[], isReplacing: boolean): Promise<void> {
    const present = await this.listRoutes();
    const taken = isReplacing ? undefined : added.find((route) => present.some((other) => isSame(other, route)));
    if (taken !== undefined) throw new IpsecError('ROUTE_EXISTS', `there is a route to ${taken.destination} already`);
    this.#routes = [...present.filter((other) => !added.some((route) => isSame(other, route))), ...added];
  }
}

/** A machine has one route for a prefix and a metric. */
function isSame(one: HostRoute, other: HostRoute): boolean {
  return one.destination === other.destination && one.metric === other.metric;
}
