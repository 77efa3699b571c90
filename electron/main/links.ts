/**
 * Pages outside that the window may have opened. The page names one of a fixed list; the addresses are here.
 * @module
 */
import type { linkNames } from '#core/api/shell-contract.ts';

/** Name → address. */
const addresses: Readonly<Record<(typeof linkNames)[number], string>> = {
  manual: 'https://man.netbsd.org/ipsecif.4',
};

/** The address of `link`. */
export function linkAddress(link: (typeof linkNames)[number]): string {
  return addresses[link];
}
