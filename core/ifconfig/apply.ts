/**
 * Carries a change of ifconfig's language out on interfaces that exist as records only: for whoever has to know what a text
 * means without a machine.
 * @module
 */
import { assertNever } from '#core/base/invariant.ts';
import { innerWithoutOwnZone, withoutOwnZone } from '#core/ipsecif/inner-address.ts';
import type { Ipsecif } from '#core/ipsecif/ipsecif.ts';
import type { InterfaceChange } from './syntax.ts';

/** Carry it out; an interface that no `create` has made is made, for a text may rely on one that is there. @throws {IpsecError} what `Ipsecif` throws. */
export function applyChange(ipsecif: Ipsecif, name: string, change: InterfaceChange): void {
  if (change.kind !== 'create' && ![...ipsecif.list()].some((known) => known.name === name)) ipsecif.create(name);
  switch (change.kind) {
    case 'create':
      return void ipsecif.create(name);
    case 'destroy':
      return ipsecif.destroy(name);
    case 'tunnel': {
      const { local, peer, localPort, peerPort } = change;
      return void ipsecif.setTunnel(name, { local, peer, localPort, peerPort });
    }
    case 'deletetunnel':
      return void ipsecif.deleteTunnel(name);
    case 'address': {
      const { address, prefixLength, peer } = change;
      return void ipsecif.addAddress(name, innerWithoutOwnZone(name, { address, prefixLength, peer }));
    }
    case 'delete':
      return void ipsecif.removeAddress(name, withoutOwnZone(name, change.address));
    case 'mtu':
      return void ipsecif.setMtu(name, change.mtu);
    case 'up':
      return void ipsecif.setFlags(name, { isUp: change.isUp });
    case 'flag':
      return void ipsecif.setFlags(name, { [change.flag]: change.isSet });
    default:
      return assertNever(change);
  }
}
