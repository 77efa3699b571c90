/**
 * What ifconfig(8) changes of an interface, each as a step of a command: databases and machine together. A command's
 * mark undoes the databases' part and its transaction the machine's.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { assertNever } from '#core/base/invariant.ts';
import type { InterfaceChange } from '#core/ifconfig/syntax.ts';
import type { IpAddress } from '#core/ip/address.ts';
import type { InterfaceFlags } from '#core/ipsecif/flags.ts';
import { innerWithoutOwnZone, withoutOwnZone, type InnerAddress } from '#core/ipsecif/inner-address.ts';
import type { OuterPair } from '#core/ipsecif/outer-pair.ts';
import type { Databases } from '#core/tunnel/databases.ts';
import type { HostPort } from '#core/tunnel/port/host-port.ts';
import type { Transaction } from '#core/tunnel/transaction.ts';

/** What steps work on. */
export type StepSurroundings = {
  readonly ipsecif: Databases['ipsecif'];
  readonly host: Pick<HostPort, 'addAddress' | 'removeAddress' | 'setMtu' | 'bringUp' | 'restoreDevice'>;
  readonly transaction: Transaction;
  /** Make an interface with its device. */
  readonly create: (name: string) => Promise<unknown>;
  /** Called when an interface got another outer pair. */
  readonly onConfigured: (name: string) => void;
};

/** @throws {IpsecError} what `Ipsecif.setTunnel` throws. */
export function setTunnel(name: string, outer: OuterPair, { ipsecif, onConfigured }: StepSurroundings): void {
  const before = ipsecif.get(name);
  if (ipsecif.setTunnel(name, outer) !== before) onConfigured(name);
}

/** Also brings the interface up, as on NetBSD. @throws {IpsecError} what `Ipsecif.addAddress` throws, `HOST_*`. */
export async function addAddress(name: string, added: InnerAddress, surroundings: StepSurroundings): Promise<void> {
  const { ipsecif, host, transaction } = surroundings;
  const address = innerWithoutOwnZone(name, added);
  // The same again is no error on NetBSD, and brings the interface up (in.c: SIOCAIFADDR).
  if (ipsecif.hasAddress(name, address)) return setFlags(name, { isUp: true }, surroundings);
  const wasUp = ipsecif.get(name).flags.isUp;
  ipsecif.addAddress(name, address);
  const isNew = await host.addAddress(name, address);
  if (isNew) transaction.onRollback(() => host.removeAddress(name, address));
  if (!wasUp) await host.bringUp(name);
}

/** @throws {IpsecError} `INTERFACE_NOT_FOUND`, `ADDRESS_NOT_FOUND`, `HOST_*`. */
export async function removeAddress(name: string, address: IpAddress, surroundings: StepSurroundings): Promise<void> {
  const { ipsecif, host, transaction } = surroundings;
  const removed = ipsecif.removeAddress(name, withoutOwnZone(name, address));
  await host.removeAddress(name, removed);
  transaction.onRollback(async () => void (await host.addAddress(name, removed)));
}

/** @throws {IpsecError} `INTERFACE_NOT_FOUND`, `INTERFACE_MTU`, `HOST_*`. */
export async function setMtu(name: string, mtu: number, surroundings: StepSurroundings): Promise<void> {
  const { ipsecif, host, transaction } = surroundings;
  const before = ipsecif.get(name).mtu;
  ipsecif.setMtu(name, mtu);
  if (mtu === before) return;
  await host.setMtu(name, mtu);
  transaction.onRollback(() => host.setMtu(name, before));
}

/** @throws {IpsecError} what `Ipsecif.setFlags` throws, `HOST_*`. */
export async function setFlags(
  name: string,
  changes: Partial<InterfaceFlags>,
  { ipsecif, host }: StepSurroundings,
): Promise<void> {
  const before = ipsecif.get(name).flags.isUp;
  const { flags, mtu, addresses } = ipsecif.setFlags(name, changes);
  // Down is the datapath's business alone: the machine keeps the device and its routes in use.
  if (!flags.isUp) return;
  // Who asks for what is so already may have seen that another program has changed the device.
  if (changes.isUp === true) await host.restoreDevice(name, { isUp: true, mtu, addresses });
  else if (!before) await host.bringUp(name);
}

/**
 * Carry out one statement. `destroy` is none of these: it cannot be undone, so it is a command of its own.
 * @throws {IpsecError} what the step throws, `IFCONFIG_TEXT` for `destroy`.
 */
export async function changeInterface(
  name: string,
  change: InterfaceChange,
  surroundings: StepSurroundings,
): Promise<void> {
  switch (change.kind) {
    case 'create':
      return void (await surroundings.create(name));
    case 'destroy':
      throw new IpsecError('IFCONFIG_TEXT', 'destroy cannot be undone, so it stands alone and never in a text');
    case 'tunnel': {
      const { local, peer, localPort, peerPort } = change;
      return setTunnel(name, { local, peer, localPort, peerPort }, surroundings);
    }
    case 'deletetunnel':
      return void surroundings.ipsecif.deleteTunnel(name);
    case 'address': {
      const { address, prefixLength, peer } = change;
      return addAddress(name, { address, prefixLength, peer }, surroundings);
    }
    case 'delete':
      return removeAddress(name, change.address, surroundings);
    case 'mtu':
      return setMtu(name, change.mtu, surroundings);
    case 'up':
      return setFlags(name, { isUp: change.isUp }, surroundings);
    case 'flag':
      return setFlags(name, { [change.flag]: change.isSet }, surroundings);
    default:
      return assertNever(change);
  }
}

/** Steps that change the databases only, for a text that is checked and then taken back. */
export function drySteps(ipsecif: Databases['ipsecif'], transaction: Transaction): StepSurroundings {
  const nothing = async (): Promise<void> => undefined;
  const added = async (): Promise<boolean> => true;
  return {
    ...{ ipsecif, transaction, onConfigured: () => undefined },
    host: { addAddress: added, removeAddress: nothing, setMtu: nothing, bringUp: nothing, restoreDevice: nothing },
    create: async (name) => ipsecif.create(name),
  };
}
