/**
 * Inner addresses of an interface: `inet A/len [PEER]`. The machine holds them (host-port.ts); the record remembers
 * them for listing and for taking them off again.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { addressFamily, isBroadcast, isMulticast, isUnspecified, type IpAddress } from '#core/ip/address.ts';

/** An inner address of an interface: `inet A/len [PEER]`. */
export type InnerAddress = {
  readonly address: IpAddress;
  readonly prefixLength: number;
  /** Far end of a point-to-point address. */
  readonly peer: IpAddress | null;
};

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
  if (!isUnspecified(address) && !isMulticast(address) && !isBroadcast(address)) return;
  throw new IpsecError('ADDRESS_UNUSABLE', `${address} is not the address of a host`, { field });
}
