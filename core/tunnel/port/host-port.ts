/**
 * What a gateway needs of the machine it runs on, besides the datapath: devices, addresses, sockets.
 * core/host/linux and core/host/memory implement it.
 *
 * Every call either does all it says or throws an `IpsecError` (`HOST_*`) and changes nothing.
 * @module
 */
import type { InnerAddress } from '#core/ipsecif/inner-address.ts';
import type { IpAddress } from '#core/ip/address.ts';
import type { RoutePort } from './route-port.ts';

export type { InnerAddress };

/** A device as the machine has it. */
export type DeviceShape = {
  readonly isUp: boolean;
  readonly mtu: number;
  readonly addresses: readonly InnerAddress[];
};

/** What a socket is bound to. */
export type SocketSpec = {
  /** `icmp` receives ICMP errors only. */
  readonly kind: 'esp' | 'udp' | 'icmp';
  readonly family: 4 | 6;
  readonly localAddress: IpAddress;
  /** 0 for all but `udp`. */
  readonly localPort: number;
};

/** The machine. */
export type HostPort = RoutePort & {
  /**
   * Make a TUN device with this MTU, or take over the one of this name that `leaveInterface` or a killed process left.
   * Returns its token. Its routes are used from now on, whether the interface is up or down: the datapath drops what an
   * interface that is down is given, as BSD does. @throws `HOST_NO_TUN`, `HOST_DENIED`, `HOST_NAME_TAKEN`.
   */
  createInterface(name: string, mtu: number): Promise<number>;
  /** Take back `createInterface`: a device that was taken over is left again, with its addresses and routes; a new one goes. */
  undoCreate(name: string, token: number): Promise<void>;
  /** Remove a device; its addresses and routes go with it. */
  destroyInterface(name: string, token: number): Promise<void>;
  /** Have a device go when this process ends, however that happens. Never throws. */
  bindToProcess(token: number): void;
  /** Let go of a device that stays, where the machine can do that: what is routed into it is lost, nothing is in the clear. */
  leaveInterface(name: string, token: number): Promise<void>;
  /** Devices of ours that nobody holds: `createInterface` takes them over. Never throws. */
  leftInterfaces(): readonly string[];
  setMtu(name: string, mtu: number): Promise<void>;
  /** Make sure that the machine uses the device, should somebody have set it down there. */
  bringUp(name: string): Promise<void>;
  /** Bring a device up and give it back what it is to have, should somebody have changed it. What it has besides stays. */
  restoreDevice(name: string, wanted: DeviceShape): Promise<void>;
  /**
   * Which of these devices may not be as they are to be, and what they are like. One that the machine does not have is not
   * among them. Asked every few seconds: where all is well it costs next to nothing.
   */
  findAltered(wanted: ReadonlyMap<string, DeviceShape>): Promise<ReadonlyMap<string, DeviceShape>>;
  /** Gives false where a device that was taken over has had it, so that there is nothing to take back. */
  addAddress(name: string, address: InnerAddress): Promise<boolean>;
  removeAddress(name: string, address: InnerAddress): Promise<void>;
  /** Remove what a device has had since it was taken over, and nobody has asked for again. */
  dropFormerAddresses(name: string): Promise<void>;
  /** Open a socket that the workers send from and listen on. Returns its token. */
  openSocket(spec: SocketSpec): Promise<number>;
  closeSocket(token: number): Promise<void>;
};
