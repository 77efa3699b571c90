/**
 * Inner addresses of an interface: `inet A/len [PEER]`. The machine holds them (host-port.ts); the record remembers
 * them for listing and for taking them off again.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import {
  addressFamily,
  addressZone,
  isBroadcast,
  isMulticast,
  isUnspecified,
  withoutZone,
  type IpAddress,
} from '#core/ip/address.ts';

/** An inner address of an interface: `inet A/len [PEER]`. */
export type InnerAddress = {
  readonly address: IpAddress;
  readonly prefixLength: number;
  /** Far end of a point-to-point address. */
  readonly peer: IpAddress | null;
};

/** The address on interface `name`: a zone that names the interface itself, as ifconfig(8) prints it, says nothing more. */
export function withoutOwnZone(name: string, address: IpAddress): IpAddress {
  return addressZone(address) === name ? withoutZone(address) : address;
}

/** Both addresses without the interface's own zone. */
export function innerWithoutOwnZone(name: string, inner: InnerAddress): InnerAddress {
  const { address, peer } = inner;
  if (!address.includes('%') && peer?.includes('%') !== true) return inner;
  return { ...inner, address: withoutOwnZone(name, address), peer: peer === null ? null : withoutOwnZone(name, peer) };
}

/** @throws {IpsecError} `ADDRESS_UNUSABLE`, `ADDRESS_FAMILY_MIXED` or `PREFIX_SYNTAX`. */
export function checkInnerAddress({ address, prefixLength, peer }: InnerAddress): void {
  checkHost('address', address);
  if (peer !== null) {
    checkHost('peer', peer);
    if (addressFamily(peer) !== addressFamily(address)) {
      throw new IpsecError('ADDRESS_FAMILY_MIXED', `${address} and ${peer} are of different families`, {
        field: 'peer',
      });
    }
  }
  const bits = addressFamily(address) === 4 ? 32 : 128;
  if (Number.isInteger(prefixLength) && prefixLength >= 0 && prefixLength <= bits) return;
  const message = `prefix length ${prefixLength} is not a number from 0 to ${bits}`;
  throw new IpsecError('PREFIX_SYNTAX', message, { field: 'prefixLength' });
}

function checkHost(field: string, address: IpAddress): void {
  if (addressZone(address) !== null)
    throw new IpsecError('ADDRESS_UNUSABLE', `${address} has the zone of another interface`, { field });
  if (!isUnspecified(address) && !isMulticast(address) && !isBroadcast(address)) return;
  throw new IpsecError('ADDRESS_UNUSABLE', `${address} is not the address of a host`, { field });
}
