/**
 * The commands around the associations, in BSD's words: sysctl(8), ifconfig(8) and route(8), in the order in which they
 * work.
 * @module
 */
import type { AddressFamily } from '#core/ip/address.ts';
import { profileToIfconfig, profileToRoutes } from '#core/profile/commands.ts';
import type { OuterPair } from '#core/ipsecif/outer-pair.ts';
import type { Profile } from '#core/profile/profile.ts';
import { innerAddressOf } from './export-source.ts';

/** Makes reqids known beforehand (fixed-reqid.ts); it has to be set before the tunnel is. */
export const fixedReqidSetting = 'net.ipsecif.use_fixed_reqid=1';

/** Whether the profile's policies have reqids at all. */
export function usesReqids({ flags }: Profile): boolean {
  return !flags.link0;
}

/** Words of `ifconfig`, line by line. */
export function ifconfigLines(profile: Profile, outer: OuterPair): string[] {
  return profileToIfconfig(profile, outer).map((words) => words.join(' '));
}

/** `route` commands of NetBSD, one for each network at the other end. */
export function netbsdRouteCommands(profile: Profile): string[] {
  return profileToRoutes(profile).map(
    ({ destination, family, interface: name }) =>
      `route add ${family === 4 ? '-inet' : '-inet6'} ${destination} ${gateway(profile, family) ?? `-link ${name} -iface`}`,
  );
}

/** The other end's inner address, else the own one (ipsecif(4) shows that); null where neither is known. */
function gateway(profile: Profile, family: AddressFamily): string | null {
  const inner = innerAddressOf(profile, family);
  return inner === null ? null : (inner.peer ?? inner.address);
}
