/**
 * Whether a router between the ends probably changes this end's address: a private address here, and the other end
 * outside of all private networks (RFC 1918 §3, RFC 6598 §7).
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { addressFamily, parseIpAddress } from '#core/ip/address.ts';
import { parsePrefix, prefixContains } from '#core/ip/prefix.ts';

/** RFC 1918 §3, and RFC 6598 §7 of providers that share addresses. */
const privateNetworks = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'].map(parsePrefix);

/** Judge a way. Names, IPv6 and what is not known give false. */
export function isProbablyNat(source: string | null, peer: string | null): boolean {
  return kindOf(source) === 'private' && kindOf(peer) === 'public';
}

function kindOf(text: string | null): 'private' | 'public' | null {
  try {
    const address = parseIpAddress(text ?? '');
    if (addressFamily(address) !== 4) return null;
    return privateNetworks.some((network) => prefixContains(network, address)) ? 'private' : 'public';
  } catch (error) {
    if (error instanceof IpsecError) return null;
    throw error;
  }
}
