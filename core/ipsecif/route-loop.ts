/**
 * Whether a tunnel would be routed into itself (RFC 4301 §5.1): an inner address whose prefix, or whose far end, holds
 * the peer's outer address makes the machine send the tunnel's own packets into the tunnel.
 *
 * Only what can be known from the interface itself is refused here. Routes that somebody else makes are not: what then
 * comes back into its tunnel is dropped packet by packet (core/datapath/nesting.ts).
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { parsePrefix, prefixContains } from '#core/ip/prefix.ts';
import type { InnerAddress } from './inner-address.ts';
import type { OuterPair } from './outer-pair.ts';

/** @throws {IpsecError} `TUNNEL_ROUTE_LOOP` naming the inner address. `field` is what the command sets. */
export function checkRouteLoop(
  { peer }: OuterPair,
  addresses: readonly InnerAddress[],
  field: 'peer' | 'address',
): void {
  for (const inner of addresses) {
    // A far end gets a host route; without one the whole prefix is on the link.
    const isInside =
      inner.peer === null
        ? prefixContains(parsePrefix(`${inner.address}/${inner.prefixLength}`), peer)
        : inner.peer === peer;
    if (!isInside) continue;
    const route = inner.peer ?? `${inner.address}/${inner.prefixLength}`;
    const message = `the way to ${peer} would lead through the tunnel itself (inner route ${route})`;
    throw new IpsecError('TUNNEL_ROUTE_LOOP', message, { field, address: inner.address });
  }
}
