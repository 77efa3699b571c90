/**
 * An end of a tunnel as a profile names it: an address, a DNS name (RFC 1123 §2.1), or, for this end, `auto`: the
 * address that the kernel uses towards the peer.
 *
 * Looking names up is the helper's (core/helper/name-resolver.ts); here is only what they look like.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { parseIpAddress, type IpAddress } from '#core/ip/address.ts';

/** The word for "the address that the kernel uses towards the peer". */
export const autoAddress = 'auto';

/** Longest host name without its trailing dot (RFC 1123 §2.1, RFC 1035 §2.3.4). */
const longestName = 253;
const labelPattern = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/i;

/** What an endpoint text is. */
export type EndpointHost =
  | { readonly kind: 'address'; readonly address: IpAddress }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'auto' };

/**
 * Read an endpoint. A text of digits and dots alone is an address or a mistake, never a name.
 * @throws {IpsecError} `ADDRESS_SYNTAX` naming `field`.
 */
export function parseEndpointHost(text: string, field: string): EndpointHost {
  if (text === autoAddress) return { kind: 'auto' };
  if (isHostName(text)) return { kind: 'name', name: text.toLowerCase().replace(/\.$/, '') };
  try {
    return { kind: 'address', address: parseIpAddress(text) };
  } catch (error) {
    if (!(error instanceof IpsecError)) throw error;
    const message = `"${text.slice(0, 64)}" is neither an IP address nor a host name`;
    throw new IpsecError('ADDRESS_SYNTAX', message, { field }, error);
  }
}

function isHostName(text: string): boolean {
  const name = text.endsWith('.') ? text.slice(0, -1) : text;
  if (name.length === 0 || name.length > longestName) return false;
  const labels = name.split('.');
  return labels.every((label) => labelPattern.test(label)) && !/^[0-9]+$/.test(labels.at(-1) ?? '');
}
