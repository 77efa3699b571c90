/**
 * `culvert route` over the machine's routes: each command does all it says or nothing, in the order of the gateway's
 * other commands. Culvert keeps no table of its own: what the machine says is what there is.
 * @module
 */
import type { IpAddress } from '#core/ip/address.ts';
import { networkPrefix } from '#core/ip/prefix.ts';
import type { Interface } from '#core/ipsecif/interface.ts';
import type { HostRoute, RoutePort } from '#core/tunnel/port/route-port.ts';
import type { Transaction } from '#core/tunnel/transaction.ts';
import {
  checkRouteLoop,
  chooseRoute,
  findNowhere,
  isOurs,
  nowhere,
  resolveRoute,
  type RouteChoice,
  type RouteRequest,
} from './route-plan.ts';

/** What it stands on. */
export type RouteSurroundings = {
  readonly host: RoutePort;
  readonly interfaces: () => Iterable<Interface>;
  /** Run a command of the gateway. */
  readonly change: <T>(work: (transaction: Transaction) => Promise<T>) => Promise<T>;
};

/** The routes of one machine. */
export class RouteControl {
  readonly #surroundings: RouteSurroundings;

  constructor(surroundings: RouteSurroundings) {
    this.#surroundings = surroundings;
  }

  /** @throws {IpsecError} `ROUTE_*`, `TUNNEL_ROUTE_LOOP`, `ADDRESS_FAMILY_MIXED`, `INTERFACE_NOT_FOUND`, `HOST_*`. */
  add(request: RouteRequest): Promise<HostRoute> {
    return this.#surroundings.change(async (transaction) => {
      const route = await this.#resolve(request);
      await this.#add(route, transaction);
      await this.#closeBehind(request, route, transaction);
      return route;
    });
  }

  /** Put a route in the place of the one to the same prefix. @throws {IpsecError} as `add`, and `ROUTE_NOT_FOUND`. */
  replace(request: RouteRequest): Promise<HostRoute> {
    const { host, change } = this.#surroundings;
    return change(async (transaction) => {
      const resolved = await this.#resolve(request);
      const before = await this.#choose({ ...request, kind: null, gateway: null, interface: null });
      // One of equal metric is replaced in one step: there is no moment in which neither is there.
      const isSameUse = resolved.kind === 'unicast' && before.kind === 'unicast';
      const route = isSameUse ? { ...resolved, metric: before.metric } : resolved;
      await host.addRoute(route, true);
      transaction.onRollback(() => this.#putBack(before, route));
      if (before.metric !== route.metric) await this.#remove(before, transaction);
      await this.#closeBehind(request, route, transaction);
      return route;
    });
  }

  /** A route that was closed behind takes that along. @throws {IpsecError} `ROUTE_NOT_FOUND`, `ROUTE_FOREIGN`, `HOST_*`. */
  delete(choice: RouteChoice): Promise<HostRoute> {
    return this.#surroundings.change(async (transaction) => {
      const route = await this.#choose(choice);
      await this.#remove(route, transaction);
      if (route.kind === 'unicast') await this.#openBehind(route, transaction);
      return route;
    });
  }

  /** Delete all that may be deleted; gives them. @throws {IpsecError} `HOST_*`. */
  flush(): Promise<readonly HostRoute[]> {
    return this.#surroundings.change(async (transaction) => {
      const names = this.#names();
      const routes = (await this.#surroundings.host.listRoutes()).filter((route) => isOurs(route, names));
      for (const route of routes) await this.#remove(route, transaction);
      return routes;
    });
  }

  /** The main table. @throws {IpsecError} `HOST_*`. */
  list(): Promise<readonly HostRoute[]> {
    return this.#surroundings.host.listRoutes();
  }

  /** What becomes of a packet to `destination`; null where there is no route. @throws {IpsecError} `HOST_*`. */
  async find(destination: IpAddress): Promise<HostRoute | null> {
    const { host } = this.#surroundings;
    return (await host.findRoute(destination)) ?? findNowhere(destination, await host.listRoutes());
  }

  async #resolve(request: RouteRequest): Promise<HostRoute> {
    const interfaces = [...this.#surroundings.interfaces()];
    const route = resolveRoute(request, interfaces);
    const record = interfaces.find(({ name }) => name === route.interface);
    const peer = record?.outer?.peer;
    checkRouteLoop(route, record, peer === undefined ? null : await this.#surroundings.host.findRoute(peer));
    return route;
  }

  async #choose(choice: RouteChoice): Promise<HostRoute> {
    return chooseRoute(choice, await this.#surroundings.host.listRoutes(), this.#names());
  }

  async #add(route: HostRoute, transaction: Transaction): Promise<void> {
    const { host } = this.#surroundings;
    await host.addRoute(route, false);
    transaction.onRollback(() => host.removeRoute(route));
  }

  async #remove(route: HostRoute, transaction: Transaction): Promise<void> {
    const { host } = this.#surroundings;
    await host.removeRoute(route);
    transaction.onRollback(() => host.addRoute(route, false));
  }

  async #putBack(before: HostRoute, after: HostRoute): Promise<void> {
    const { host } = this.#surroundings;
    if (before.metric === after.metric) await host.addRoute(before, true);
    else await host.removeRoute(after);
  }

  /** Have the destination refused once its route is gone. It may be refused already. */
  async #closeBehind(request: RouteRequest, route: HostRoute, transaction: Transaction): Promise<void> {
    if (!request.isFailClosed || route.kind !== 'unicast') return;
    if ((await this.#refusalOf(route)) === undefined) await this.#add(nowhere(route.destination), transaction);
  }

  async #openBehind(route: HostRoute, transaction: Transaction): Promise<void> {
    const refusal = await this.#refusalOf(route);
    if (refusal !== undefined) await this.#remove(refusal, transaction);
  }

  async #refusalOf({ destination }: HostRoute): Promise<HostRoute | undefined> {
    const routes = await this.#surroundings.host.listRoutes();
    return routes.find(
      (route) =>
        route.kind !== 'unicast' && route.origin === 'culvert' && route.destination === networkPrefix(destination),
    );
  }

  #names(): ReadonlySet<string> {
    return new Set([...this.#surroundings.interfaces()].map(({ name }) => name));
  }
}
