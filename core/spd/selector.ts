/**
 * What a policy applies to (RFC 4301 §4.4.1.1).
 * @module
 */
import type { IpPrefix } from '#core/ip/prefix.ts';

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

/** A text that is equal exactly for equal selectors. */
export function selectorKey(selector: Selector): string {
  const { source, destination, sourcePort, destinationPort, upperProtocol } = selector;
  return `${source}[${sourcePort}] ${destination}[${destinationPort}] ${upperProtocol}`;
}
