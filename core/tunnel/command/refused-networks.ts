/**
 * Networks that are refused wherever no tunnel carries them: beside each route into a tunnel a route of ours that leads
 * nowhere, of the next worse metric. When the tunnel's route goes, with its device or before it is there, the packets are
 * refused, and none follows another route in the clear. docs/decisions/0010-profiles-fail-closed.md says when.
 *
 * The machine remembers them, so they outlive culvertd. Who holds which network is known here, for two may hold one.
 * @module
 */
import { addressFamily } from '#core/ip/address.ts';
import { prefixParts, type IpPrefix } from '#core/ip/prefix.ts';
import type { HostRoute, RoutePort } from '#core/tunnel/port/route-port.ts';
import type { Transaction } from '#core/tunnel/transaction.ts';
import { isWayOut } from './way-out.ts';
import { nowhere } from './route-plan.ts';

/** What they stand on. */
export type RefusedSurroundings = {
  readonly host: RoutePort;
  /** Run a command of the gateway. */
  readonly change: <T>(work: (transaction: Transaction) => Promise<T>) => Promise<T>;
  /** Run between the commands, not during one. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
};

/**
 * The metric behind that of a tunnel's route, which is the system's default: 0, and 1024 for IPv6 on Linux. Routes of
 * other programs to the same network (DHCP's have 100 and more) come after both.
 */
const metricBehind = { 4: 1, 6: 1025 } as const;

/**
 * Who holds a network. Of what an earlier culvertd has left nobody knows whose it was: it is adopted by each who may be
 * its holder, and the first of them to let go of it takes it away.
 */
type Holders = { readonly firm: Set<string>; readonly adopted: Set<string> };

/** The networks that are refused, by who holds them. */
export class RefusedNetworks {
  readonly #surroundings: RefusedSurroundings;
  readonly #held = new Map<IpPrefix, Holders>();

  constructor(surroundings: RefusedSurroundings) {
    this.#surroundings = surroundings;
  }

  /** What `holder` has refused. */
  of(holder: string): IpPrefix[] {
    const isOf = ({ firm, adopted }: Holders): boolean => firm.has(holder) || adopted.has(holder);
    return [...this.#held].filter(([, holders]) => isOf(holders)).map(([destination]) => destination);
  }

  /**
   * Have `holder` refuse these networks and no others: all of it or nothing. What another holds, too, stays.
   * @throws {IpsecError} `HOST_*`, `ROUTE_EXISTS` where somebody else has a route of this network and metric.
   */
  set(holder: string, destinations: readonly IpPrefix[]): Promise<void> {
    const wanted = new Set(destinations);
    const before = this.of(holder);
    const dropped = before.filter((destination) => !wanted.has(destination));
    if (dropped.length === 0 && wanted.size === 0) return Promise.resolve();
    return this.#surroundings.change(async (transaction) => {
      const present = await this.#present();
      const missing = [...wanted].filter((destination) => !present.has(destination)).map(refusalOf);
      const alone = dropped.filter((destination) => this.#isAlone(destination, holder) && present.has(destination));
      const { host } = this.#surroundings;
      if (missing.length > 0) await host.addRoutes(missing);
      transaction.onRollback(() => host.removeRoutes(missing));
      if (alone.length > 0) await host.removeRoutes(alone.map(refusalOf));
      transaction.onRollback(() => host.addRoutes(alone.map(refusalOf)));
      transaction.onCommit(() => {
        for (const destination of dropped) this.#drop(destination, holder);
        for (const destination of wanted) this.#hold(destination, 'firm', holder);
      });
    });
  }

  /**
   * Have each holder refuse its networks besides what it holds already, all in one step: for one after the other the machine is
   * asked for its routes each time. @throws {IpsecError} as `set`; nothing has changed then.
   */
  addAll(networks: ReadonlyMap<string, readonly IpPrefix[]>): Promise<void> {
    const all = new Set([...networks.values()].flat());
    if (all.size === 0) return Promise.resolve();
    const { host, change } = this.#surroundings;
    return change(async (transaction) => {
      const present = await this.#present();
      const missing = [...all].filter((destination) => !present.has(destination)).map(refusalOf);
      if (missing.length > 0) await host.addRoutes(missing);
      transaction.onRollback(() => host.removeRoutes(missing));
      transaction.onCommit(() => {
        for (const [holder, destinations] of networks) {
          for (const destination of destinations) this.#hold(destination, 'firm', holder);
        }
      });
    });
  }

  /**
   * Learn what an earlier culvertd has left: of each holder's networks those that are refused are held by it from now on.
   * @throws {IpsecError} `HOST_*`.
   */
  async adopt(networks: ReadonlyMap<string, readonly IpPrefix[]>): Promise<void> {
    const present = await this.#present();
    for (const [holder, destinations] of networks) {
      for (const destination of destinations) if (present.has(destination)) this.#hold(destination, 'adopted', holder);
    }
  }

  /**
   * Refuse again what is held, where somebody else has removed it. Gives all routes as they were before, and what was missing.
   * @throws {IpsecError} `HOST_*`, `ROUTE_EXISTS` where somebody else has a route of this network and metric.
   */
  restore(): Promise<{ readonly present: readonly HostRoute[]; readonly restored: readonly IpPrefix[] }> {
    const { host, alone } = this.#surroundings;
    // Who holds what is certain between commands only: what one is about to let go of must not come back.
    return alone(async () => {
      const present = await host.listRoutes();
      const refused = new Set(present.filter(isRefusal).map(({ destination }) => destination));
      const restored = [...this.#held.keys()].filter((destination) => !refused.has(destination));
      if (restored.length > 0) await host.addRoutes(restored.map(refusalOf));
      return { present, restored };
    });
  }

  /** Take away what keeps an address outside of these networks; for a tunnel that is not there. @throws {IpsecError} `HOST_*`. */
  async removeWaysOut(isOf: (route: HostRoute) => boolean): Promise<void> {
    const { host, change } = this.#surroundings;
    await change(async () => {
      const left = (await host.listRoutes()).filter((route) => isWayOut(route) && isOf(route));
      await host.removeRoutes(left);
    });
  }

  async #present(): Promise<ReadonlySet<IpPrefix>> {
    const routes = await this.#surroundings.host.listRoutes();
    return new Set(routes.filter(isRefusal).map(({ destination }) => destination));
  }

  #isAlone(destination: IpPrefix, holder: string): boolean {
    const firm = [...(this.#held.get(destination)?.firm ?? [])];
    return firm.every((other) => other === holder);
  }

  #hold(destination: IpPrefix, how: keyof Holders, holder: string): void {
    const holders = this.#held.get(destination) ?? { firm: new Set(), adopted: new Set() };
    holders.adopted.delete(holder);
    holders[how].add(holder);
    this.#held.set(destination, holders);
  }

  #drop(destination: IpPrefix, holder: string): void {
    const holders = this.#held.get(destination);
    holders?.firm.delete(holder);
    holders?.adopted.delete(holder);
    if (holders === undefined || holders.firm.size === 0) this.#held.delete(destination);
  }
}

/** Whether a route refuses what a profile's tunnel does not carry. */
export function isRefusal({ kind, origin, destination, metric }: HostRoute): boolean {
  return kind === 'reject' && origin === 'culvert' && metric === metricOf(destination);
}

function refusalOf(destination: IpPrefix): HostRoute {
  return { ...nowhere(destination), metric: metricOf(destination) };
}

function metricOf(destination: IpPrefix): number {
  return metricBehind[addressFamily(prefixParts(destination).address)];
}
