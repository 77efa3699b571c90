/**
 * Whether devices are still as they are to be, asked so that it costs next to nothing where they are: getifaddrs(3) and a file
 * of /proc first, ip(8) only where those leave a doubt.
 * @module
 */
import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { IpsecError } from '#core/base/error.ts';
import type { DeviceShape } from '#core/tunnel/port/host-port.ts';
import { parseAddressRow, runIp, type AddressRow } from './iproute.ts';

/** What this stands on; tests give another. */
export type DeviceSources = {
  /** Addresses of devices that are up, as os.networkInterfaces gives them. */
  readonly addresses: () => Readonly<Record<string, readonly { readonly address: string }[] | undefined>>;
  /** The MTU of a device; null where that is not known so cheaply. */
  readonly mtuOf: (name: string) => number | null;
  /** All devices, by ip(8). */
  readonly list: () => Promise<ReadonlyMap<string, DeviceShape>>;
};

const systemDevices: DeviceSources = { addresses: networkInterfaces, mtuOf: readMtu, list: listDevices };

/** Of these devices those that are in doubt, as they are. One that is not there is not among them. @throws {IpsecError} `HOST_FAILED`. */
export async function findAltered(
  wanted: ReadonlyMap<string, DeviceShape>,
  { addresses, mtuOf, list }: DeviceSources = systemDevices,
): Promise<ReadonlyMap<string, DeviceShape>> {
  const present = addresses();
  const isInDoubt = (name: string, shape: DeviceShape): boolean => {
    const found = new Set(present[name]?.map(({ address }) => address));
    // A device without addresses is not listed, up or down.
    if (shape.addresses.length === 0 || shape.addresses.some(({ address }) => !found.has(address))) return true;
    return (mtuOf(name) ?? shape.mtu) !== shape.mtu;
  };
  const doubtful = [...wanted].filter(([name, shape]) => isInDoubt(name, shape));
  if (doubtful.length === 0) return new Map();
  const devices = await list();
  return new Map(doubtful.flatMap(([name]) => pairOf(name, devices.get(name))));
}

/** The kernel keeps IPv6's MTU of a device equal to the device's own; where there is no IPv6 nothing is known. */
function readMtu(name: string): number | null {
  try {
    const mtu = Number(readFileSync(`/proc/sys/net/ipv6/conf/${name}/mtu`, 'latin1'));
    return Number.isInteger(mtu) && mtu > 0 ? mtu : null;
  } catch {
    return null;
  }
}

type DeviceRow = {
  readonly ifname?: string;
  readonly flags?: readonly string[];
  readonly mtu?: number;
  readonly addr_info?: readonly AddressRow[];
};

async function listDevices(): Promise<ReadonlyMap<string, DeviceShape>> {
  const { code, stdout } = await runIp(['-json', 'address', 'show'], '');
  if (code !== 0) throw new IpsecError('HOST_FAILED', `the devices cannot be read (exit status ${code})`);
  const rows = JSON.parse(stdout) as readonly DeviceRow[];
  const shapes = rows.map(({ ifname = '', flags = [], mtu = 0, addr_info: addresses = [] }) => {
    const shape: DeviceShape = { isUp: flags.includes('UP'), mtu, addresses: addresses.flatMap(readAddress) };
    return [ifname, shape] as const;
  });
  return new Map(shapes);
}

/** Other programs' devices have addresses that none of ours could have. */
function readAddress(row: AddressRow): DeviceShape['addresses'] {
  return typeof row.local === 'string' ? [parseAddressRow(row)] : [];
}

function pairOf<T>(name: string, value: T | undefined): [string, T][] {
  return value === undefined ? [] : [[name, value]];
}
