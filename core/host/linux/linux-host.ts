/**
 * Linux as a gateway sees it: TUN devices and sockets by the native package, addresses by iproute2 (iproute.ts).
 * A token is the descriptor. Devices are not persistent: they, their addresses and routes go with the descriptor.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { addressBytes, addressFamily } from '#core/ip/address.ts';
import type { HostPort, InnerAddress, SocketSpec } from '#core/tunnel/host-port.ts';
import { addAddress, disableAddressGeneration, removeAddress, restoreAddresses } from './iproute.ts';
import { errnoOf, hostError, type NativePackage } from './native.ts';

/** The Linux machine that this process runs on, in its network namespace. */
export class LinuxHost implements HostPort {
  readonly #native: NativePackage;
  /** Inner IPv6 addresses by device: Linux forgets them when a device goes down, BSD does not. */
  readonly #inner6 = new Map<string, readonly InnerAddress[]>();

  constructor(native: NativePackage) {
    this.#native = native;
  }

  async createInterface(name: string, mtu: number): Promise<number> {
    const fd = this.#openTun(name);
    try {
      this.#native.setMtu(name, mtu);
      await disableAddressGeneration(name);
      return fd;
    } catch (error) {
      this.#native.closeDescriptor(fd);
      throw error instanceof IpsecError ? error : hostError(`${name}: MTU ${mtu}`, error);
    }
  }

  async destroyInterface(name: string, token: number): Promise<void> {
    this.#attempt(`${name}: destroy`, () => this.#native.closeDescriptor(token));
    this.#inner6.delete(name);
  }

  async setMtu(name: string, mtu: number): Promise<void> {
    this.#attempt(`${name}: MTU ${mtu}`, () => this.#native.setMtu(name, mtu));
  }

  async setUp(name: string, isUp: boolean): Promise<void> {
    this.#attempt(`${name}: ${isUp ? 'up' : 'down'}`, () => this.#native.setUp(name, isUp));
    const addresses = this.#inner6.get(name) ?? [];
    if (isUp && addresses.length > 0) await restoreAddresses(name, addresses);
  }

  async addAddress(name: string, address: InnerAddress): Promise<void> {
    await addAddress(name, address);
    if (isIpv6(address)) this.#inner6.set(name, [...(this.#inner6.get(name) ?? []), address]);
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

  async openSocket(spec: SocketSpec): Promise<number> {
    const { kind, family, localAddress, localPort } = spec;
    const local = addressBytes(localAddress);
    try {
      if (kind === 'esp') return this.#native.openEspSocket(family, local);
      return this.#native.openUdpSocket(family, local, localPort).fd;
    } catch (error) {
      throw hostError(describeSocket(spec, errnoOf(error)), error);
    }
  }

  async closeSocket(token: number): Promise<void> {
    this.#attempt('close a socket', () => this.#native.closeDescriptor(token));
  }

  #openTun(name: string): number {
    let opened;
    try {
      opened = this.#native.openTun(name, true);
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
    if (opened.name === name) return opened.fd;
    this.#native.closeDescriptor(opened.fd);
    throw new IpsecError('HOST_FAILED', `${name}: the system named the device ${opened.name}`);
  }

  #attempt(doing: string, run: () => void): void {
    try {
      run();
    } catch (error) {
      throw hostError(doing, error, { ENODEV: 'INTERFACE_NOT_FOUND', ENXIO: 'INTERFACE_NOT_FOUND' });
    }
  }
}

function isIpv6({ address }: InnerAddress): boolean {
  return addressFamily(address) === 6;
}

function describeSocket({ kind, localAddress, localPort }: SocketSpec, errno: string): string {
  const what = kind === 'esp' ? `ESP on ${localAddress}` : `UDP port ${localPort} of ${localAddress}`;
  return errno === 'EADDRINUSE' ? `${what} (used by another program)` : what;
}
