/**
 * Address prefixes, `ADDRESS/LENGTH`: of selectors and of inner addresses.
 *
 * Host bits are kept as given, as setkey(8) keeps them: 10.0.1.9/24 prints as it was written. Two prefixes are the
 * same selector exactly when their texts are equal; `prefixContains` looks only at the first LENGTH bits.
 * @module
 */
import type { Brand } from '#core/base/brand.ts';
import { IpsecError } from '#core/base/error.ts';
import { addressBytes, addressFamily, addressZone, formatAddress, parseIpAddress, type IpAddress } from './address.ts';

/** `ADDRESS/LENGTH` with a canonical address and a decimal length, always with the length. */
export type IpPrefix = Brand<string, 'IpPrefix'>;

/** A prefix taken apart. */
export type PrefixParts = { readonly address: IpAddress; readonly length: number };

/**
 * Read `ADDRESS/LENGTH`; an address alone is the prefix of that one host.
 * @throws {IpsecError} `ADDRESS_SYNTAX` for the address, `PREFIX_SYNTAX` for the length.
 */
export function parsePrefix(text: string): IpPrefix {
  const slash = text.indexOf('/');
  if (slash < 0) return hostPrefix(parseIpAddress(text));
  const address = parseIpAddress(text.slice(0, slash));
  const lengthText = text.slice(slash + 1);
  const limit = addressBits(address);
  if (!/^(0|[1-9][0-9]{0,2})$/.test(lengthText) || Number(lengthText) > limit) {
    const message = `prefix length "${lengthText.slice(0, 16)}" is not a number from 0 to ${limit}`;
    throw new IpsecError('PREFIX_SYNTAX', message, { text: text.slice(0, 64) });
  }
  return `${address}/${lengthText}` as IpPrefix;
}

/** The prefix of one host: /32 or /128. */
export function hostPrefix(address: IpAddress): IpPrefix {
  return `${address}/${addressBits(address)}` as IpPrefix;
}

/** Address (host bits as given) and length. */
export function prefixParts(prefix: IpPrefix): PrefixParts {
  const slash = prefix.lastIndexOf('/');
  return { address: prefix.slice(0, slash) as IpAddress, length: Number(prefix.slice(slash + 1)) };
}

/** The prefix without its host bits: 10.0.1.9/24 is the network 10.0.1.0/24. */
export function networkPrefix(prefix: IpPrefix): IpPrefix {
  const { address, length } = prefixParts(prefix);
  const bytes = addressBytes(address);
  for (let index = 0; index < bytes.length; index++) {
    bytes[index]! &= 0xff << (8 - Math.min(8, Math.max(0, length - index * 8)));
  }
  return `${formatAddress(bytes, 0, addressFamily(address))}/${length}` as IpPrefix;
}

/** Whether `address` lies in `prefix`: same family, same zone where the prefix names one, same first bits. */
export function prefixContains(prefix: IpPrefix, address: IpAddress): boolean {
  const { address: base, length } = prefixParts(prefix);
  if (addressFamily(base) !== addressFamily(address)) return false;
  const zone = addressZone(base);
  if (zone !== null && zone !== addressZone(address)) return false;
  return hasEqualBits(addressBytes(base), addressBytes(address), length);
}

function addressBits(address: IpAddress): number {
  return addressFamily(address) === 4 ? 32 : 128;
}

function hasEqualBits(left: Uint8Array, right: Uint8Array, bits: number): boolean {
  const whole = bits >>> 3;
  for (let index = 0; index < whole; index++) if (left[index] !== right[index]) return false;
  const rest = bits & 7;
  return rest === 0 || (left[whole]! ^ right[whole]!) >>> (8 - rest) === 0;
}
