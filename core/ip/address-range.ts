/**
 * Address ranges, `FIRST-LAST` with both ends included: what RFC 4301 §4.4.1.1 asks of selectors beyond prefixes.
 * @module
 */
import type { Brand } from '#core/base/brand.ts';
import { IpsecError } from '#core/base/error.ts';
import { addressBytes, addressFamily, addressZone, parseIpAddress, type IpAddress } from './address.ts';

/** `FIRST-LAST`, canonical addresses of one family without zones, FIRST not above LAST. */
export type AddressRange = Brand<string, 'AddressRange'>;

/** @throws {IpsecError} `ADDRESS_SYNTAX`, `ADDRESS_FAMILY_MIXED`, `PREFIX_SYNTAX` for a range upside down. */
export function parseAddressRange(text: string): AddressRange {
  const [firstText = '', lastText = '', ...rest] = text.split('-');
  const [first, last] = [parseIpAddress(firstText), parseIpAddress(lastText)];
  const shown = text.slice(0, 100);
  if (rest.length > 0 || addressZone(first) !== null || addressZone(last) !== null) {
    throw new IpsecError('ADDRESS_SYNTAX', `"${shown}" is not a range of addresses`, { text: shown });
  }
  if (addressFamily(first) !== addressFamily(last)) {
    throw new IpsecError('ADDRESS_FAMILY_MIXED', `${first} and ${last} are of different families`);
  }
  if (compareBytes(addressBytes(first), addressBytes(last)) > 0) {
    throw new IpsecError('PREFIX_SYNTAX', `the range ${shown} ends before it begins`, { text: shown });
  }
  return `${first}-${last}` as AddressRange;
}

/** First and last address. */
export function rangeEnds(range: AddressRange): readonly [IpAddress, IpAddress] {
  const [first = '', last = ''] = range.split('-');
  return [first as IpAddress, last as IpAddress];
}

/** Whether `address` is of the range's family and lies in it, whatever its zone. */
export function rangeContains(range: AddressRange, address: IpAddress): boolean {
  const [first, last] = rangeEnds(range);
  if (addressFamily(first) !== addressFamily(address)) return false;
  const bytes = addressBytes(address);
  return compareBytes(addressBytes(first), bytes) <= 0 && compareBytes(bytes, addressBytes(last)) <= 0;
}

/** Below 0, 0 or above 0, as the numbers that equally long byte strings stand for. */
function compareBytes(left: Uint8Array, right: Uint8Array): number {
  for (let index = 0; index < left.length; index++) {
    if (left[index] !== right[index]) return left[index]! - right[index]!;
  }
  return 0;
}
