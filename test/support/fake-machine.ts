/**
 * A machine for gateway tests: host, datapath and transforms that remember what they were asked, refuse on demand, and
 * fail the test when something is taken away while the workers still decide by it.
 * @module
 */
import assert from 'node:assert/strict';
import { IpsecError } from '#core/base/error.ts';
import type { Log } from '#core/base/port.ts';
import type { IpAddress } from '#core/ip/address.ts';
import { prefixContains, prefixParts } from '#core/ip/prefix.ts';
import type { TransformPort, TransformSpec } from '#core/crypto/transform.ts';
import { Counters } from '#core/datapath/counters.ts';
import type { DatapathEvent, Snapshot } from '#core/datapath/snapshot.ts';
import { volatileIvStore, type IvStore } from '#core/sad/iv-reservation.ts';
import type { ReplayWindowView } from '#core/esp/replay-window.ts';
import type { DatapathPort } from '#core/tunnel/port/datapath-port.ts';
import { Gateway } from '#core/tunnel/gateway.ts';
import type { GatewayOptions } from '#core/tunnel/port/gateway-ports.ts';
import type { DeviceShape, HostPort, InnerAddress, SocketSpec } from '#core/tunnel/port/host-port.ts';
import { volatileWayBackStore, type WayBackStore } from '#core/tunnel/port/way-back-store.ts';
import type { HostRoute } from '#core/tunnel/port/route-port.ts';

type FakeDevice = { token: number; mtu: number; isLeft: boolean; addresses: string[] };

/** Devices and sockets of a machine. */
export class FakeHost implements HostPort {
  readonly devices = new Map<string, FakeDevice>();
  readonly sockets = new Map<number, string>();
  /** Routes that go their own way; those of devices are in the devices. */
  routes: readonly HostRoute[] = [];
  /** What devices are like that another program has changed. */
  readonly altered = new Map<string, DeviceShape>();
  /** Every call, in order. */
  readonly calls: string[] = [];
  /** The call with this index (from now) is refused; null for none. */
  failAfter: number | null = null;
  /** Whether workers decide by a token. */
  isInUse: (kind: 'tun' | 'socket', token: number) => boolean = () => false;
  #nextToken = 100;
  /** Devices that were left, and taken over. */
  readonly #adopted = new Set<string>();

  /** What a user could see of the machine, without tokens. */
  view(): unknown {
    const devices = [...this.devices].map(([name, { mtu, isLeft, addresses }]) => ({
      name,
      mtu,
      isLeft,
      addresses: [...addresses],
    }));
    return {
      devices: devices.sort((left, right) => left.name.localeCompare(right.name)),
      sockets: [...this.sockets.values()].sort(),
    };
  }

  async createInterface(name: string, mtu: number): Promise<number> {
    this.#call(`createInterface ${name}`);
    assert.ok(this.devices.get(name)?.isLeft ?? true, `${name} exists`);
    const token = this.#nextToken++;
    if (this.devices.has(name)) this.#adopted.add(name);
    this.devices.set(name, { token, mtu, isLeft: false, addresses: [] });
    return token;
  }

  async undoCreate(name: string, token: number): Promise<void> {
    if (!this.#adopted.has(name)) return this.destroyInterface(name, token);
    this.#adopted.delete(name);
    return this.leaveInterface(name, token);
  }

  async destroyInterface(name: string, token: number): Promise<void> {
    this.#call(`destroyInterface ${name}`);
    assert.equal(this.devices.get(name)?.token, token);
    assert.ok(!this.isInUse('tun', token), `${name} goes while workers use it`);
    this.devices.delete(name);
  }

  bindToProcess(token: number): void {
    this.calls.push(`bindToProcess ${[...this.devices].find(([, device]) => device.token === token)?.[0]}`);
  }

  async leaveInterface(name: string, token: number): Promise<void> {
    this.#call(`leaveInterface ${name}`);
    const device = this.#device(name);
    assert.equal(device.token, token);
    assert.ok(!this.isInUse('tun', token), `${name} is let go while workers use it`);
    device.isLeft = true;
  }

  leftInterfaces(): readonly string[] {
    return [...this.devices].filter(([, { isLeft }]) => isLeft).map(([name]) => name);
  }

  async setMtu(name: string, mtu: number): Promise<void> {
    this.#call(`setMtu ${name} ${mtu}`);
    this.#device(name).mtu = mtu;
  }

  async bringUp(name: string): Promise<void> {
    this.#call(`bringUp ${name}`);
    this.#device(name);
  }

  async restoreDevice(name: string): Promise<void> {
    this.#call(`restoreDevice ${name}`);
    this.#device(name);
    this.altered.delete(name);
  }

  async findAltered(wanted: ReadonlyMap<string, DeviceShape>): Promise<ReadonlyMap<string, DeviceShape>> {
    return new Map([...this.altered].filter(([name]) => wanted.has(name)));
  }

  async addAddress(name: string, { address, prefixLength }: InnerAddress): Promise<boolean> {
    this.#call(`addAddress ${name} ${address}`);
    this.#device(name).addresses.push(`${address}/${prefixLength}`);
    return true;
  }

  async removeAddress(name: string, { address, prefixLength }: InnerAddress): Promise<void> {
    this.#call(`removeAddress ${name} ${address}`);
    const { addresses } = this.#device(name);
    const index = addresses.indexOf(`${address}/${prefixLength}`);
    assert.ok(index >= 0, `${name} has no ${address}`);
    addresses.splice(index, 1);
  }

  async dropFormerAddresses(name: string): Promise<void> {
    this.#call(`dropFormerAddresses ${name}`);
  }

  async addRoute(route: HostRoute, isReplacing: boolean): Promise<void> {
    this.#call(`addRoute ${route.destination}`);
    const isEqual = (other: HostRoute): boolean =>
      other.destination === route.destination && other.metric === route.metric;
    if (!isReplacing && this.routes.some(isEqual)) throw new IpsecError('ROUTE_EXISTS', 'there is one');
    this.routes = [...this.routes.filter((other) => !isEqual(other)), route];
  }

  async removeRoute(route: HostRoute): Promise<void> {
    this.#call(`removeRoute ${route.destination}`);
    const rest = this.routes.filter(
      (other) => other.destination !== route.destination || other.metric !== route.metric,
    );
    if (rest.length === this.routes.length) throw new IpsecError('ROUTE_NOT_FOUND', 'there is none');
    this.routes = rest;
  }

  async addRoutes(routes: readonly HostRoute[]): Promise<void> {
    const before = this.routes;
    try {
      for (const route of routes) await this.addRoute(route, false);
    } catch (error) {
      this.routes = before;
      throw error;
    }
  }

  async removeRoutes(routes: readonly HostRoute[]): Promise<void> {
    this.#call(`removeRoutes ${routes.map(({ destination }) => destination).join(' ')}`);
    const isGone = (other: HostRoute): boolean =>
      routes.some(({ destination, metric }) => destination === other.destination && metric === other.metric);
    this.routes = this.routes.filter((other) => !isGone(other));
  }

  async listRoutes(): Promise<readonly HostRoute[]> {
    return this.routes;
  }

  async findRoute(destination: IpAddress): Promise<HostRoute | null> {
    const matching = this.routes.filter((route) => prefixContains(route.destination, destination));
    const lengthOf = (route: HostRoute): number => prefixParts(route.destination).length;
    const [best] = matching.sort((left, right) => lengthOf(right) - lengthOf(left) || left.metric - right.metric);
    return best === undefined || best.kind !== 'unicast' ? null : best;
  }

  async openSocket({ kind, localAddress, localPort }: SocketSpec): Promise<number> {
    const key = `${kind} ${localAddress} ${localPort}`;
    this.#call(`openSocket ${key}`);
    assert.ok(![...this.sockets.values()].includes(key), `${key} is open`);
    const token = this.#nextToken++;
    this.sockets.set(token, key);
    return token;
  }

  async closeSocket(token: number): Promise<void> {
    this.#call(`closeSocket ${this.sockets.get(token)}`);
    assert.ok(this.sockets.has(token), `socket ${token} is open`);
    assert.ok(!this.isInUse('socket', token), `socket ${token} goes while workers use it`);
    this.sockets.delete(token);
  }

  #device(name: string): FakeDevice {
    const device = this.devices.get(name);
    assert.ok(device !== undefined, `${name} exists`);
    return device;
  }

  #call(what: string): void {
    this.calls.push(what);
    if (this.failAfter === null) return;
    if (this.failAfter-- > 0) return;
    this.failAfter = null;
    throw new IpsecError('HOST_FAILED', `refused: ${what}`);
  }
}

/** Handles of transforms that exist. */
export class FakeTransforms implements TransformPort {
  readonly live = new Set<number>();
  /** Refuse the creation with this index (from now); null for none. */
  failAfter: number | null = null;
  isInUse: (handle: number) => boolean = () => false;
  #next = 0;

  create(spec: TransformSpec): number {
    if (this.failAfter !== null && this.failAfter-- === 0) throw new IpsecError('KEY_LENGTH', 'refused');
    assert.ok(spec.key.length === 0 || spec.key.some((byte) => byte !== 0), 'a transform is made from keys');
    this.live.add(this.#next);
    return this.#next++;
  }

  free(handle: number): void {
    assert.ok(this.live.delete(handle), `transform ${handle} exists`);
    assert.ok(!this.isInUse(handle), `transform ${handle} goes while workers use it`);
  }

  seal(): void {}
  open(): void {}
}

/** Workers that take a snapshot over at once, or when `release` is called while `isHeld`. */
export class FakeDatapath implements DatapathPort {
  readonly counters = new Counters();
  readonly published: Snapshot[] = [];
  isHeld = false;
  isStopped = false;
  /** Checks a snapshot before it is taken over. */
  check: (snapshot: Snapshot) => void = () => {};
  /** What the workers' replay windows have seen, by association. */
  readonly windows = new Map<number, ReplayWindowView>();
  #listener: (event: DatapathEvent) => void = () => {};
  #waiting: (() => void)[] = [];
  #applied: Snapshot = { version: 0, interfaces: [], outbound: [], inbound: [], sockets: [] };

  /** What the workers decide by. */
  get current(): Snapshot {
    return this.#applied;
  }

  async publish(snapshot: Snapshot): Promise<void> {
    this.check(snapshot);
    this.published.push(snapshot);
    if (this.isHeld) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#applied = snapshot;
  }

  /** Let go of what `isHeld` held back. */
  release(): void {
    this.isHeld = false;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  async replayWindows(ids: readonly number[]): Promise<readonly (ReplayWindowView | null)[]> {
    return ids.map((id) => this.windows.get(id) ?? null);
  }

  onEvent(listener: (event: DatapathEvent) => void): void {
    this.#listener = listener;
  }

  emit(event: DatapathEvent): void {
    this.#listener(event);
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    this.release();
    this.#applied = { version: Infinity, interfaces: [], outbound: [], inbound: [], sockets: [] };
  }
}

/** An IV store that can be made to fail. */
export class FakeIvStore implements IvStore {
  isFailing = false;
  /** How many keys each call asked for. */
  readonly requests: number[] = [];
  readonly #store = volatileIvStore();

  reserve(keys: Parameters<IvStore['reserve']>[0]): readonly number[] {
    for (const key of keys)
      assert.ok(
        key.reveal().some((byte) => byte !== 0),
        'IVs are reserved for a key that is there',
      );
    if (this.isFailing) throw new IpsecError('STATE_UNWRITABLE', 'refused');
    this.requests.push(keys.length);
    return this.#store.reserve(keys);
  }
}

/** One line of the log. */
export type LogLine = { level: string; message: string; fields: Readonly<Record<string, unknown>> };

/** A gateway on a fake machine, at time 1,000,000. */
export class FakeMachine {
  readonly host = new FakeHost();
  readonly datapath = new FakeDatapath();
  readonly transforms = new FakeTransforms();
  readonly ivStore = new FakeIvStore();
  readonly lines: LogLine[] = [];
  readonly gateway: Gateway;
  now = 1_000_000;

  /** `wayBackStore`: that of a machine whose culvertd was killed. */
  constructor(options: Partial<GatewayOptions> = {}, wayBackStore: WayBackStore = volatileWayBackStore()) {
    const { host, datapath, transforms, ivStore, lines } = this;
    const write =
      (level: string) =>
      (message: string, fields: Readonly<Record<string, unknown>> = {}) =>
        void lines.push({ level, message, fields });
    const log: Log = { info: write('info'), warn: write('warn'), error: write('error') };
    this.gateway = new Gateway({
      ...{ host, datapath, transforms, ivStore, log, wayBackStore },
      clock: { now: () => this.now },
      random: { fill: (out) => void out.fill(1) },
      options: { helperVersion: '0.0.0', pid: 42, datapath: 'memory', ...options },
    });
    host.isInUse = (kind, token) =>
      kind === 'tun'
        ? datapath.current.interfaces.some(({ tun }) => tun === token)
        : datapath.current.sockets.some((socket) => socket.token === token);
    transforms.isInUse = (handle) => datapath.current.inbound.some(({ transform }) => transform === handle);
    datapath.check = (snapshot) => this.#check(snapshot);
  }

  /** All of it that a command may change. */
  view(): unknown {
    return { status: this.gateway.status(), machine: this.host.view(), transforms: this.transforms.live.size };
  }

  /** Run setkey text that must succeed. */
  async setkey(text: string): Promise<string> {
    const { errors, output } = await this.gateway.runSetkey(text, 'file', 7);
    assert.deepEqual(errors, []);
    return output;
  }

  /** Names all that a snapshot names exist, and no slot or handle has two owners. */
  #check(snapshot: Snapshot): void {
    const tuns = new Set([...this.host.devices.values()].map(({ token }) => token));
    for (const { name, tun } of snapshot.interfaces) assert.ok(tuns.has(tun), `${name} has a device`);
    for (const { token } of snapshot.sockets) assert.ok(this.host.sockets.has(token), `socket ${token} is open`);
    for (const { id, transform } of snapshot.inbound)
      assert.ok(this.transforms.live.has(transform), `association ${id} has a transform`);
    const slots = snapshot.inbound.map(({ slot }) => slot);
    assert.equal(new Set(slots).size, slots.length, 'slots have one owner each');
  }
}
