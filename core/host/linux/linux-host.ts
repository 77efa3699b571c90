/**
 * Linux as a gateway sees it: TUN devices and sockets by the native package, addresses by iproute2 (iproute.ts).
 * A token is the descriptor.
 *
 * Devices are up from the start to the end, whatever their interfaces are: Linux takes the routes of a device that is
 * down, and packets would follow others in the clear. For the same reason they may outlive this process (kept-device.ts).
 * @module
 */
import { errnoOf } from '#core/base/errno.ts';
import { getSystemErrorName } from 'node:util';
import { IpsecError } from '#core/base/error.ts';
import { addressBytes, addressFamily, type IpAddress } from '#core/ip/address.ts';
import type { DeviceShape, HostPort, InnerAddress, SocketSpec } from '#core/tunnel/port/host-port.ts';
import type { HostRoute } from '#core/tunnel/port/route-port.ts';
import {
  addHostRoute,
  addHostRoutes,
  findHostRoute,
  listHostRoutes,
  removeHostRoute,
  removeHostRoutes,
} from './host-routes.ts';
import { ClosingBatch } from './closing-batch.ts';
import { findAltered } from './device-look.ts';
import {
  addAddress,
  disableAddressGeneration,
  listAddresses,
  removeAddress,
  replaceAddress,
  restoreAddresses,
} from './iproute.ts';
import { isMarked, markDevice, markedDevices } from './kept-device.ts';
import { hostError, type NativePackage } from './native.ts';
import { singleWorkers, type WorkerPlan } from './worker-plan.ts';

type OpenedTun = ReturnType<NativePackage['openTun']>;

/** The Linux machine that this process runs on, in its network namespace. */
export class LinuxHost implements HostPort {
  readonly #native: NativePackage;
  readonly #outlives: boolean;
  readonly #workers: WorkerPlan;
  readonly #closing: ClosingBatch;
  /** Inner IPv6 addresses by device: Linux forgets them when somebody sets the device down. */
  readonly #inner6 = new Map<string, readonly InnerAddress[]>();
  /** Addresses that devices had when they were taken over, until they are asked for again. */
  readonly #former = new Map<string, readonly InnerAddress[]>();
  /** Devices that were taken over. */
  readonly #adopted = new Set<string>();

  /**
   * `outlives`: devices stay when this process is killed, and drop what is routed into them. `workers` is how many read
   * a device, and a socket: a token then stands for a descriptor of each.
   */
  constructor(native: NativePackage, outlives: boolean, workers: WorkerPlan = singleWorkers) {
    this.#native = native;
    this.#outlives = outlives;
    this.#workers = workers;
    this.#closing = new ClosingBatch(native);
  }

  async createInterface(name: string, mtu: number): Promise<number> {
    const { fd, isAdopted } = this.#openTun(name);
    try {
      if (isAdopted) {
        this.#former.set(name, await listAddresses(name));
        this.#adopted.add(name);
      }
      this.#native.setMtu(name, mtu);
      await disableAddressGeneration(name);
      this.#native.setUp(name, true);
      // Last: a new device that is not finished goes with its descriptor.
      this.#native.setPersistent(fd, this.#outlives && markDevice(name));
      return fd;
    } catch (error) {
      this.#native.closeDescriptor(fd);
      throw error instanceof IpsecError ? error : hostError(`${name}: MTU ${mtu}`, error);
    }
  }

  undoCreate(name: string, token: number): Promise<void> {
    if (!this.#adopted.has(name) || !this.#outlives) return this.destroyInterface(name, token);
    this.#forget(name);
    return this.leaveInterface(name, token);
  }

  async destroyInterface(name: string, token: number): Promise<void> {
    this.#forget(name);
    this.bindToProcess(token);
    const result = await this.#closing.close(token);
    if (result < 0) throw hostError(`${name}: destroy`, systemError(result));
  }

  bindToProcess(token: number): void {
    try {
      this.#native.setPersistent(token, false);
    } catch {
      // Somebody has deleted the device: only the descriptor is left, and that goes with the process.
    }
  }

  async leaveInterface(name: string, token: number): Promise<void> {
    this.#attempt(`${name}: leave`, () => this.#native.closeDescriptor(token));
  }

  leftInterfaces(): readonly string[] {
    return markedDevices();
  }

  async setMtu(name: string, mtu: number): Promise<void> {
    this.#attempt(`${name}: MTU ${mtu}`, () => this.#native.setMtu(name, mtu));
  }

  async bringUp(name: string): Promise<void> {
    const wasDown = this.#attempt(`${name}: up`, () => this.#native.setUp(name, true));
    const addresses = this.#inner6.get(name) ?? [];
    if (wasDown && addresses.length > 0) await restoreAddresses(name, addresses);
  }

  async restoreDevice(name: string, wanted: DeviceShape): Promise<void> {
    await this.bringUp(name);
    // What it does not have needs no look, which costs the more the more devices there are.
    if (wanted.addresses.length === 0) return this.setMtu(name, wanted.mtu);
    const found = (await findAltered(new Map([[name, wanted]]))).get(name);
    if (found === undefined) return;
    if (found.mtu !== wanted.mtu) await this.setMtu(name, wanted.mtu);
    const present = new Set(found.addresses.map(({ address }) => address));
    for (const address of wanted.addresses) if (!present.has(address.address)) await addAddress(name, address);
  }

  findAltered(wanted: ReadonlyMap<string, DeviceShape>): Promise<ReadonlyMap<string, DeviceShape>> {
    return findAltered(wanted);
  }

  async addAddress(name: string, address: InnerAddress): Promise<boolean> {
    const former = this.#former.get(name) ?? [];
    const before = former.find((candidate) => candidate.address === address.address);
    if (before === undefined) await addAddress(name, address);
    else await replaceAddress(name, before, address);
    this.#former.set(
      name,
      former.filter((candidate) => candidate !== before),
    );
    if (isIpv6(address)) this.#inner6.set(name, [...(this.#inner6.get(name) ?? []), address]);
    return before === undefined;
  }

  async removeAddress(name: string, address: InnerAddress): Promise<void> {
    const known = this.#inner6.get(name) ?? [];
    const rest = known.filter((candidate) => candidate.address !== address.address);
    this.#inner6.set(name, rest);
    try {
      await removeAddress(name, address);
    } catch (error) {
      const isForgotten =
        error instanceof IpsecError && error.code === 'ADDRESS_NOT_FOUND' && rest.length < known.length;
      if (!isForgotten) throw error;
    }
  }

  async dropFormerAddresses(name: string): Promise<void> {
    const former = this.#former.get(name) ?? [];
    this.#former.delete(name);
    for (const address of former) await removeAddress(name, address);
  }

  addRoute(route: HostRoute, isReplacing: boolean): Promise<void> {
    return addHostRoute(route, isReplacing);
  }

  removeRoute(route: HostRoute): Promise<void> {
    return removeHostRoute(route);
  }

  addRoutes(routes: readonly HostRoute[]): Promise<void> {
    return addHostRoutes(routes);
  }

  removeRoutes(routes: readonly HostRoute[]): Promise<void> {
    return removeHostRoutes(routes);
  }

  listRoutes(): Promise<readonly HostRoute[]> {
    return listHostRoutes();
  }

  findRoute(destination: IpAddress): Promise<HostRoute | null> {
    return findHostRoute(destination);
  }

  async openSocket(spec: SocketSpec): Promise<number> {
    const { kind, family, localAddress, localPort } = spec;
    const local = addressBytes(localAddress);
    try {
      return this.#openSocket(kind, family, local, localPort);
    } catch (error) {
      throw hostError(describeSocket(spec, errnoOf(error)), error);
    }
  }

  async closeSocket(token: number): Promise<void> {
    this.#attempt('close a socket', () => this.#native.closeDescriptor(token));
  }

  #forget(name: string): void {
    this.#inner6.delete(name);
    this.#former.delete(name);
    this.#adopted.delete(name);
  }

  #openSocket(kind: SocketSpec['kind'], family: 4 | 6, local: Uint8Array, localPort: number): number {
    const { inbound } = this.#workers;
    switch (kind) {
      case 'esp':
        if (inbound > 1) return this.#native.openEspShares(family, local, inbound);
        return this.#native.openEspSocket(family, local);
      case 'icmp':
        return this.#native.openIcmpSocket(family, local);
      case 'udp':
        if (inbound > 1) return this.#native.openUdpShares(family, local, localPort, inbound).fd;
        return this.#native.openUdpSocket(family, local, localPort).fd;
    }
  }

  #openTun(name: string): { readonly fd: number; readonly isAdopted: boolean } {
    const isAdopted = isMarked(name);
    let opened: OpenedTun;
    try {
      // What a killed culvertd left is taken over with its routes; nobody else's device is.
      opened = this.#openDevice(name, isAdopted);
    } catch (error) {
      // The kernel says EBUSY when the device is somebody's, EINVAL when a device of another kind has the name.
      throw hostError(`${name}: create`, error, {
        ENOENT: 'HOST_NO_TUN',
        ENODEV: 'HOST_NO_TUN',
        ENXIO: 'HOST_NO_TUN',
        EBUSY: 'HOST_NAME_TAKEN',
        EEXIST: 'HOST_NAME_TAKEN',
        EINVAL: 'HOST_NAME_TAKEN',
      });
    }
    if (opened.name === name) return { fd: opened.fd, isAdopted };
    this.#native.closeDescriptor(opened.fd);
    throw new IpsecError('HOST_FAILED', `${name}: the system named the device ${opened.name}`);
  }

  #openDevice(name: string, isAdopted: boolean): OpenedTun {
    const { outbound } = this.#workers;
    if (outbound > 1) return this.#native.openTunQueues(name, true, isAdopted, outbound);
    return isAdopted ? this.#native.adoptTun(name, true) : this.#native.openTun(name, true);
  }

  #attempt<T>(doing: string, run: () => T): T {
    try {
      return run();
    } catch (error) {
      throw hostError(doing, error, { ENODEV: 'INTERFACE_NOT_FOUND', ENXIO: 'INTERFACE_NOT_FOUND' });
    }
  }
}

/** A negative errno as the native package would throw it. */
function systemError(result: number): Error {
  const code = getSystemErrorName(result);
  return Object.assign(new Error(code), { code });
}

function isIpv6({ address }: InnerAddress): boolean {
  return addressFamily(address) === 6;
}

function describeSocket({ kind, localAddress, localPort }: SocketSpec, errno: string): string {
  const names = { esp: 'ESP on', icmp: 'ICMP errors for', udp: `UDP port ${localPort} of` };
  const what = `${names[kind]} ${localAddress}`;
  return errno === 'EADDRINUSE' ? `${what} (used by another program)` : what;
}
