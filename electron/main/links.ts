/**
 * Pages outside that the window may have opened. The page names one of a fixed list; the addresses are here.
 * @module
 */
import type { linkNames } from '#core/api/shell-contract.ts';
import { IpsecError } from '#core/base/error.ts';

/** Name → address; null where this build knows none. */
const addresses: Readonly<Record<(typeof linkNames)[number], string | null>> = {
  manual: 'https://man.netbsd.org/ipsecif.4',
  source: null,
  issues: null,
};

/**
 * The address of `link`.
 * @throws {IpsecError} `API_BAD_PARAMS` for one that has none.
 */
export function linkAddress(link: (typeof linkNames)[number]): string {
  const address = addresses[link];
  if (address !== null) return address;
  throw new IpsecError('API_BAD_PARAMS', `there is no page called ${link} yet`, { field: 'link' });
}
