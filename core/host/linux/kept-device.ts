/**
 * TUN devices that outlive culvertd: persistent ones (TUNSETPERSIST), marked as ours. When culvertd is killed they stay, with
 * addresses and routes, and the kernel drops what is routed into them: nothing follows another route in the clear.
 * docs/decisions/0005-devices-outlive-a-killed-helper.md says why.
 *
 * The mark is the device's sysctl `net.ipv4.conf.NAME.tag`, a number without a meaning of its own (Linux, ip-sysctl.rst). The
 * kernel shows each network namespace its own, and forgets it with the device.
 * @module
 */
import { errnoOf } from '#core/base/errno.ts';
import { isInterfaceName } from '#core/ipsecif/interface.ts';
import { accessSync, constants, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostError, type NativePackage } from './native.ts';

const ipv4Settings = '/proc/sys/net/ipv4/conf';
const ipv6Settings = '/proc/sys/net/ipv6/conf';

/** "culv" in ASCII. */
const mark = String(0x63_75_6c_76);

/** Whether devices can be marked: not where /proc/sys is read-only, as in some containers. */
export function canMark(): boolean {
  try {
    accessSync(`${ipv4Settings}/default/tag`, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Mark a device as ours, and have its routes used while nobody holds it (it has no carrier then). False where the system
 * does not let us: such a device must not be made persistent, for nobody could tell it from somebody else's.
 */
export function markDevice(name: string): boolean {
  for (const settings of [ipv4Settings, ipv6Settings]) {
    // Where this is not there (no IPv6, an old kernel), such routes are used anyway. Writing waits for the kernel's lock of
    // all network configuration, reading does not, and as a rule there is nothing to write.
    const path = `${settings}/${name}/ignore_routes_with_linkdown`;
    if (read(path) === '1') write(path, '0');
  }
  return write(`${ipv4Settings}/${name}/tag`, mark);
}

/** Whether a device bears our mark. */
export function isMarked(name: string): boolean {
  if (!isInterfaceName(name)) return false;
  return read(`${ipv4Settings}/${name}/tag`) === mark;
}

/** Names of all devices of this network namespace that bear our mark, held by a process or not. */
export function markedDevices(): readonly string[] {
  try {
    return readdirSync(ipv4Settings).filter(isMarked).sort();
  } catch {
    return [];
  }
}

/** What became of the marked devices. */
export type Removal = { readonly removed: readonly string[]; readonly held: readonly string[] };

/**
 * Remove the marked devices that no process holds; their addresses and routes go with them.
 * @throws {IpsecError} `HOST_*`.
 */
export function removeKeptDevices(native: NativePackage): Removal {
  const removed: string[] = [];
  const held: string[] = [];
  const descriptors: number[] = [];
  for (const name of markedDevices()) {
    const fd = takeKeptDevice(native, name);
    (fd === null ? held : removed).push(name);
    if (fd !== null) descriptors.push(fd);
  }
  native.closeDescriptors(descriptors);
  return { removed, held };
}

/** Take a device over so that it goes when it is closed; null when a process holds it. */
function takeKeptDevice(native: NativePackage, name: string): number | null {
  try {
    const { fd } = native.adoptTun(name, false);
    native.setPersistent(fd, false);
    return fd;
  } catch (error) {
    if (errnoOf(error) === 'EBUSY') return null;
    throw hostError(`${name}: remove`, error);
  }
}

/** A setting, or null where there is none. */
function read(path: string): string | null {
  try {
    return readFileSync(path, 'latin1').trim();
  } catch {
    return null;
  }
}

function write(path: string, text: string): boolean {
  try {
    writeFileSync(path, text);
    return true;
  } catch {
    return false;
  }
}
