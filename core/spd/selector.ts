/**
 * What a policy applies to (RFC 4301 §4.4.1.1).
 * @module
 */
import type { IpAddress } from '#core/ip/address.ts';
import { prefixContains, type IpPrefix } from '#core/ip/prefix.ts';

/** Upper protocol number that means "any" in PF_KEY and in dumps: `255(reserved)`. */
export const anyProtocol = 255;

/** A selector. Ports of 0 mean any; ICMP type and code stand in source and destination port, as in PF_KEY. */
export type Selector = {
  readonly source: IpPrefix;
  readonly destination: IpPrefix;
  readonly sourcePort: number;
  readonly destinationPort: number;
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

/** A text that is equal exactly for equal selectors. */
export function selectorKey(selector: Selector): string {
  const { source, destination, sourcePort, destinationPort, upperProtocol } = selector;
  return `${source}[${sourcePort}] ${destination}[${destinationPort}] ${upperProtocol}`;
}

/** Whether the selector covers the packet. A selector that names a port never covers a packet that shows none. */
export function matchesSelector(selector: Selector, packet: PacketSelector): boolean {
  const { upperProtocol, sourcePort, destinationPort } = selector;
  return (
    (upperProtocol === anyProtocol || upperProtocol === packet.upperProtocol) &&
    (sourcePort === 0 || sourcePort === packet.sourcePort) &&
    (destinationPort === 0 || destinationPort === packet.destinationPort) &&
    prefixContains(selector.source, packet.source) &&
    prefixContains(selector.destination, packet.destination)
  );
}
