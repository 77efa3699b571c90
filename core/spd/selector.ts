/**
 * What a policy applies to (RFC 4301 §4.4.1.1). Setkey's text writes prefixes and single ports, as PF_KEY carries them;
 * ranges and OPAQUE come through the API.
 * @module
 */
import { addressFamily, type IpAddress } from '#core/ip/address.ts';
import { rangeContains, rangeEnds, type AddressRange } from '#core/ip/address-range.ts';
import { prefixContains, prefixParts, type IpPrefix } from '#core/ip/prefix.ts';

/** Upper protocol number that means "any" in PF_KEY and in dumps: `255(reserved)`. */
export const anyProtocol = 255;

/** Addresses: a prefix `A/LEN` or a range `A-B`. */
export type AddressSelector = IpPrefix | AddressRange;

/** Ports from `first` to `last`; a range of 0 alone is how message type or code 0 is told from any. */
export type PortRange = { readonly first: number; readonly last: number };

/**
 * A port, or the type or code of an ICMP message. 0 means any, as in PF_KEY, packets that show none included;
 * `opaque` only covers packets that show none (RFC 4301 §4.4.1.1).
 */
export type PortSelector = number | PortRange | 'opaque';

/** A selector. ICMP type and code stand in source and destination port, as in PF_KEY. */
export type Selector = {
  readonly source: AddressSelector;
  readonly destination: AddressSelector;
  readonly sourcePort: PortSelector;
  readonly destinationPort: PortSelector;
  /** 0 … 254, or `anyProtocol`. */
  readonly upperProtocol: number;
};

/** What of a packet selectors look at. Ports are null where the packet shows none (a later fragment, an opaque protocol). */
export type PacketSelector = {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  readonly sourcePort: number | null;
  readonly destinationPort: number | null;
  readonly upperProtocol: number;
};

/** Whether it is a range, not a prefix. */
export function isAddressRange(addresses: AddressSelector): addresses is AddressRange {
  return !addresses.includes('/');
}

/** Family of the addresses. */
export function selectorFamily(addresses: AddressSelector): 4 | 6 {
  return addressFamily(isAddressRange(addresses) ? rangeEnds(addresses)[0] : prefixParts(addresses).address);
}

/** Exactly this port, type or code, 0 included. */
export function exactPort(port: number): PortSelector {
  return port === 0 ? { first: 0, last: 0 } : port;
}

/** A text that is equal exactly for equal selectors. */
export function selectorKey(selector: Selector): string {
  const { source, destination, sourcePort, destinationPort, upperProtocol } = selector;
  return `${source}[${portText(sourcePort)}] ${destination}[${portText(destinationPort)}] ${upperProtocol}`;
}

/** How a port selector reads: `any`, `opaque`, a number, or `first-last`. */
export function portText(port: PortSelector): string {
  if (port === 0) return 'any';
  if (typeof port !== 'object') return String(port);
  return port.first === port.last ? String(port.first) : `${port.first}-${port.last}`;
}

/** Whether the selector covers the packet. A selector that names a port never covers a packet that shows none. */
export function matchesSelector(selector: Selector, packet: PacketSelector): boolean {
  const { upperProtocol, sourcePort, destinationPort } = selector;
  return (
    (upperProtocol === anyProtocol || upperProtocol === packet.upperProtocol) &&
    coversPort(sourcePort, packet.sourcePort) &&
    coversPort(destinationPort, packet.destinationPort) &&
    coversAddress(selector.source, packet.source) &&
    coversAddress(selector.destination, packet.destination)
  );
}

function coversPort(selector: PortSelector, port: number | null): boolean {
  if (selector === 0) return true;
  if (selector === 'opaque' || port === null) return selector === 'opaque' && port === null;
  if (typeof selector === 'number') return selector === port;
  return selector.first <= port && port <= selector.last;
}

function coversAddress(selector: AddressSelector, address: IpAddress): boolean {
  return isAddressRange(selector) ? rangeContains(selector, address) : prefixContains(selector, address);
}
