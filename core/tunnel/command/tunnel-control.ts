/**
 * Tunnels as a whole: an interface with its outer pair, associations, addresses and routes, made in one step and taken
 * away by a handle. What has gone meanwhile, or was made anew by hand, is left alone.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import type { Clock } from '#core/base/port.ts';
import type { Databases } from '#core/tunnel/databases.ts';
import type { Deployment, IvDemand } from '#core/tunnel/deployment.ts';
import type { HostPort } from '#core/tunnel/port/host-port.ts';
import type { Transaction } from '#core/tunnel/transaction.ts';
import {
  configureTunnel,
  repointTunnel,
  type SetupSurroundings,
  type TunnelHandle,
  type TunnelSetup,
} from '#core/tunnel/tunnel-setup.ts';
import type { InterfaceLifecycle } from './interface-lifecycle.ts';
import { keepWayOut } from './way-out.ts';

/** What they stand on. */
export type TunnelSurroundings = {
  readonly databases: Databases;
  readonly deployment: Pick<Deployment, 'devices'>;
  readonly interfaces: InterfaceLifecycle;
  readonly host: HostPort;
  readonly clock: Clock;
  /** Of culvertd, for what it makes itself. */
  readonly pid: number;
  /** Run a command of the gateway. */
  readonly change: <T>(demand: IvDemand, work: (transaction: Transaction) => Promise<T>) => Promise<T>;
  /** Run between the commands, not during one. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
};

/** The whole tunnels of one machine. */
export class TunnelControl {
  readonly #surroundings: TunnelSurroundings;

  constructor(surroundings: TunnelSurroundings) {
    this.#surroundings = surroundings;
  }

  /** Whether the interface of a tunnel is still the one that `setUp` made. */
  holds({ name, device }: TunnelHandle): boolean {
    return this.#surroundings.deployment.devices.get(name) === device;
  }

  /**
   * A whole tunnel in one step, on an interface that does not exist yet: all of it or nothing.
   * @throws {IpsecError} `INTERFACE_EXISTS`, `TUNNEL_ROUTE_LOOP`, `SA_*`, and what the single commands throw.
   */
  setUp(setup: TunnelSetup): Promise<TunnelHandle> {
    const { change, interfaces } = this.#surroundings;
    return change('refuse', async (transaction) => {
      const device = await interfaces.create(setup.name, transaction);
      interfaces.noteConfigured(setup.name, transaction);
      const configured = await configureTunnel(setup, this.#setupSurroundings(transaction));
      return { name: setup.name, device, ...configured };
    });
  }

  /** Another outer pair with associations for it; all else stays. @throws {IpsecError} `INTERFACE_NOT_FOUND`, and as `setUp`. */
  repoint(handle: TunnelHandle, setup: TunnelSetup): Promise<TunnelHandle> {
    const { change, interfaces } = this.#surroundings;
    return change('refuse', async (transaction) => {
      const { name } = handle;
      if (!this.holds(handle)) throw new IpsecError('INTERFACE_NOT_FOUND', `${name} was destroyed by hand`);
      interfaces.noteConfigured(name, transaction);
      const next = await repointTunnel(setup, handle, this.#setupSurroundings(transaction));
      return { ...handle, ...next };
    });
  }

  /** Keep the tunnel's own packets out of it where the machine's way to the peer has changed. @throws {IpsecError} `HOST_*`. */
  followWayOut(handle: TunnelHandle, { outer, routes }: Pick<TunnelSetup, 'outer' | 'routes'>): Promise<TunnelHandle> {
    const { change, host } = this.#surroundings;
    return change('later', async (transaction) => {
      if (!this.holds(handle)) return handle;
      const wayOut = await keepWayOut({ peer: outer.peer, destinations: routes }, handle.wayOut, { host, transaction });
      return { ...handle, wayOut };
    });
  }

  /** Take away what `setUp` made. @throws {IpsecError} `HOST_*`. */
  async tearDown(handle: TunnelHandle): Promise<void> {
    const { alone, interfaces, host } = this.#surroundings;
    const { name, associations, wayOut } = handle;
    await alone(() => interfaces.destroy(this.holds(handle) ? name : null, associations));
    if (wayOut !== null) await host.removeRoutes([wayOut]);
  }

  #setupSurroundings(transaction: Transaction): SetupSurroundings {
    const { databases, host, clock, pid } = this.#surroundings;
    return { databases, host, transaction, now: clock.now(), pid };
  }
}
