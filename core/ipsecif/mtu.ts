/**
 * The MTU of an ipsecif(4) interface (if_ipsec.h: IPSEC_MTU, IPSEC_MTU_MIN, IPSEC_MTU_MAX).
 * @module
 */
import { IpsecError } from '#core/base/error.ts';

/** MTU of a fresh interface. */
export const defaultMtu = 1280;
/** IPv6 needs as much (RFC 8200 §5). */
const smallestMtu = 1280;
/** What the driver allows at most. */
const largestMtu = 8192;

/** @throws {IpsecError} `INTERFACE_MTU` (EINVAL) outside 1280 to 8192. */
export function checkMtu(mtu: number): void {
  if (Number.isInteger(mtu) && mtu >= smallestMtu && mtu <= largestMtu) return;
  throw new IpsecError('INTERFACE_MTU', `MTU ${mtu} is not from ${smallestMtu} to ${largestMtu}`, {
    field: 'mtu',
    mtu,
  });
}
