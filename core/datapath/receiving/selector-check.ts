/**
 * The inner packet against the selectors of its association (RFC 4301 §5.2 step 4): what a peer may send is what was
 * agreed, whoever it is.
 *
 * Not here: upper protocols and ports, which ipsecif's tunnels leave open.
 * @module
 */
import { ipv4DestinationAt, ipv4SourceAt } from '#core/ip/ipv4.ts';
import { ipv6DestinationAt, ipv6SourceAt } from '#core/ip/ipv6.ts';
import type { SnapshotSelector } from '#core/datapath/snapshot.ts';

/** Whether the checked packet at `offset` fits one of the selectors; without selectors every packet does. */
export function fitsSelectors(
  selectors: readonly SnapshotSelector[] | undefined,
  bytes: Uint8Array,
  offset: number,
  family: 4 | 6,
): boolean {
  if (selectors === undefined) return true;
  const source = offset + (family === 4 ? ipv4SourceAt : ipv6SourceAt);
  const destination = offset + (family === 4 ? ipv4DestinationAt : ipv6DestinationAt);
  return fitsPair(selectors, bytes, source, destination, family);
}

/** Whether a pair of addresses, at these places of `bytes`, fits one of the selectors. */
export function fitsPair(
  selectors: readonly SnapshotSelector[],
  bytes: Uint8Array,
  source: number,
  destination: number,
  family: 4 | 6,
): boolean {
  for (let index = 0; index < selectors.length; index++) {
    const selector = selectors[index];
    if (selector === undefined || selector.family !== family) continue;
    if (!isWithin(selector.source, selector.sourceLength, bytes, source)) continue;
    if (isWithin(selector.destination, selector.destinationLength, bytes, destination)) return true;
  }
  return false;
}

/** Whether the address at `at` has the first `length` bits of `prefix`. */
function isWithin(prefix: Uint8Array, length: number, bytes: Uint8Array, at: number): boolean {
  const whole = length >>> 3;
  for (let index = 0; index < whole; index++) if (prefix[index] !== bytes[at + index]) return false;
  const rest = length & 7;
  return rest === 0 || (prefix[whole]! ^ bytes[at + whole]!) >>> (8 - rest) === 0;
}
