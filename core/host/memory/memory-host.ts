/**
 * A machine for a gateway over the in-process network: `HostPort` and `DatapathPort` with the same two loops as the
 * worker threads run, pumped when something is queued, in virtual time.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import type { Random } from '#core/base/port.ts';
import type { TransformPort } from '#core/crypto/transform.ts';
import type { IpAddress } from '#core/ip/address.ts';
import { Counters } from '#core/datapath/counters.ts';
import { Inbound } from '#core/datapath/inbound.ts';
import { Outbound } from '#core/datapath/outbound.ts';
import type { DatapathEvent, Snapshot } from '#core/datapath/snapshot.ts';
import type { ReplayWindowView } from '#core/esp/replay-window.ts';
import type { DatapathPort } from '#core/tunnel/port/datapath-port.ts';
import type { DeviceShape, HostPort, InnerAddress, SocketSpec } from '#core/tunnel/port/host-port.ts';
import type { HostRoute } from '#core/tunnel/port/route-port.ts';
import type { Host, HostInterface } from './host.ts';
import {
  addMemoryRoute,
  addMemoryRoutes,
  findMemoryRoute,
  listMemoryRoutes,
  removeMemoryRoute,
  removeMemoryRoutes,
} from './memory-routes.ts';
import { MemoryTun } from './tun.ts';
import { MemoryWire } from './wire.ts';

/** One gateway's machine. */
export class MemoryHost implements HostPort, DatapathPort {
  readonly host: Host;
  readonly counters = new Counters();
  readonly #tun = new MemoryTun();
  readonly #wire: MemoryWire;
  readonly #outbound: Outbound;
  readonly #inbound: Inbound;
  readonly #listeners: ((event: DatapathEvent) => void)[] = [];
  /** Tokens that are waiting to be pumped. */
  readonly #ready = new Set<number>();
  #nextToken = 1;
  #isStopped = false;
  #timeRound = 0;

  constructor(host: Host, transforms: TransformPort, random: Random) {
    this.host = host;
    this.#wire = new MemoryWire(host);
    const emit = (event: DatapathEvent): void => {
      if (event.kind !== 'applied') for (const listener of this.#listeners) listener(event);
    };
    const ports = { tun: this.#tun, wire: this.#wire, transforms, counters: this.counters, emit };
    this.#outbound = new Outbound(ports, random);
    this.#inbound = new Inbound(ports);
  }

  async createInterface(name: string, mtu: number): Promise<number> {
    if (this.host.hasInterface(name)) {
      throw new IpsecError('HOST_NAME_TAKEN', `${this.host.name} has a device ${name}`, { field: 'name' });
    }
    const token = this.#nextToken++;
    this.#tun.open(
      token,
      (packet) => this.host.receive(name, packet),
      () => this.#schedule(token, this.#outbound),
    );
    const send = (packet: Uint8Array): void => this.#tun.push(token, packet);
    this.host.addInterface({ name, mtu, isUp: true, addresses: [], send });
    return token;
  }

  undoCreate(name: string, token: number): Promise<void> {
    return this.destroyInterface(name, token);
  }

  async destroyInterface(name: string, token: number): Promise<void> {
    this.#interfaceOf(name);
    this.host.removeInterface(name);
    this.#tun.close(token);
  }

  bindToProcess(): void {
    // Nothing outlives a process that is the whole network.
  }

  leftInterfaces(): readonly string[] {
    return [];
  }

  async leaveInterface(name: string, token: number): Promise<void> {
    this.#interfaceOf(name);
    this.#tun.close(token);
  }

  async setMtu(name: string, mtu: number): Promise<void> {
    this.#interfaceOf(name).mtu = mtu;
  }

  async bringUp(name: string): Promise<void> {
    this.#interfaceOf(name).isUp = true;
  }

  async restoreDevice(name: string): Promise<void> {
    await this.bringUp(name);
  }

  async findAltered(): Promise<ReadonlyMap<string, DeviceShape>> {
    // Nobody else is in this machine.
    return new Map();
  }

  async addAddress(name: string, address: InnerAddress): Promise<boolean> {
    this.#interfaceOf(name);
    if (this.host.hasAddress(address.address)) {
      throw new IpsecError('HOST_FAILED', `${this.host.name} has the address ${address.address}`, { field: 'address' });
    }
    this.host.addAddress(name, address);
    return true;
  }

  async removeAddress(name: string, address: InnerAddress): Promise<void> {
    this.#interfaceOf(name);
    this.host.removeAddress(name, address.address);
  }

  async dropFormerAddresses(): Promise<void> {
    // Nothing is taken over.
  }

  async addRoute(route: HostRoute, isReplacing: boolean): Promise<void> {
    if (route.interface !== null) this.#interfaceOf(route.interface);
    addMemoryRoute(this.host, route, isReplacing);
  }

  async removeRoute(route: HostRoute): Promise<void> {
    removeMemoryRoute(this.host, route);
  }

  async addRoutes(routes: readonly HostRoute[]): Promise<void> {
    addMemoryRoutes(this.host, routes);
  }

  async removeRoutes(routes: readonly HostRoute[]): Promise<void> {
    removeMemoryRoutes(this.host, routes);
  }

  async listRoutes(): Promise<readonly HostRoute[]> {
    return listMemoryRoutes(this.host);
  }

  async findRoute(destination: IpAddress): Promise<HostRoute | null> {
    return findMemoryRoute(this.host, destination);
  }

  async openSocket(spec: SocketSpec): Promise<number> {
    if (!this.host.hasAddress(spec.localAddress)) {
      const message = `${spec.localAddress} is not an address of ${this.host.name}`;
      throw new IpsecError('HOST_FAILED', message, { field: 'local', errno: 'EADDRNOTAVAIL' });
    }
    if (spec.kind === 'udp' && this.host.udp.isBound(spec.localAddress, spec.localPort)) {
      const message = `UDP port ${spec.localPort} of ${spec.localAddress} is in use`;
      throw new IpsecError('HOST_FAILED', message, { field: 'localPort', errno: 'EADDRINUSE' });
    }
    const token = this.#nextToken++;
    this.#wire.open(token, spec, () => this.#schedule(token, this.#inbound));
    return token;
  }

  async closeSocket(token: number): Promise<void> {
    this.#wire.close(token);
  }

  async publish(snapshot: Snapshot): Promise<void> {
    this.#outbound.apply(snapshot);
    this.#inbound.apply(snapshot);
    this.#keepTime();
  }

  async replayWindows(ids: readonly number[]): Promise<readonly (ReplayWindowView | null)[]> {
    return this.#inbound.replayWindows(ids);
  }

  onEvent(listener: (event: DatapathEvent) => void): void {
    this.#listeners.push(listener);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
  }

  /** Pump once what is running now has ended: never from within a loop's own write. */
  #schedule(token: number, loop: Outbound | Inbound): void {
    if (this.#ready.has(token)) return;
    this.#ready.add(token);
    this.host.clock.schedule(0, () => {
      this.#ready.delete(token);
      if (this.#isStopped) return;
      while (loop.pump(token, this.host.clock.now()) > 0);
    });
  }

  /** Do what time brings, for as long as it may bring anything. A snapshot may bring it nearer: it starts anew. */
  #keepTime(round = ++this.#timeRound): void {
    if (this.#isStopped || round !== this.#timeRound) return;
    const { clock } = this.host;
    this.#outbound.tick(clock.now());
    const untilMs = this.#outbound.untilTickMs(clock.now());
    if (Number.isFinite(untilMs)) clock.schedule(untilMs, () => this.#keepTime(round));
  }

  #interfaceOf(name: string): HostInterface {
    if (!this.host.hasInterface(name)) throw new IpsecError('HOST_FAILED', `${this.host.name} has no device ${name}`);
    return this.host.interfaceOf(name);
  }
}
