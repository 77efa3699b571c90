/**
 * How the flags of a tunnel stand.
 * @module
 */
import type { Tunnel } from '../../state/tunnel-list.ts';

/** Flags of ipsecif(4) that are switched in the window. */
export type FlagName = 'link0' | 'link1' | 'link2' | 'unnumbered';

/** How a flag stands: in the machine where there is an interface, else in the profile. */
export function flagOf({ interface: link, profile }: Tunnel, flag: FlagName): boolean {
  return link?.[flag] ?? profile?.profile.flags[flag] ?? false;
}
