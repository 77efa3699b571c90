/**
 * From a profile and the outer addresses of this moment to what a gateway sets up.
 * @module
 */
import { parsePrefix, type IpPrefix } from '#core/ip/prefix.ts';
import type { OuterPair } from '#core/ipsecif/outer-pair.ts';
import { manualAssociations } from '#core/profile/manual-associations.ts';
import { innerAddresses, interfaceOptions, prefixesOf } from '#core/profile/profile-check.ts';
import type { Profile } from '#core/profile/profile.ts';
import type { StoredProfile } from '#core/profile/stored-profile.ts';
import type { TunnelSetup } from '#core/tunnel/tunnel-setup.ts';

/** The tunnel of a profile. @throws {IpsecError} only for a profile that was never checked. */
export function toTunnelSetup({ profile, secrets }: StoredProfile, outer: OuterPair): TunnelSetup {
  return {
    name: profile.interface,
    outer,
    flags: profile.flags,
    options: interfaceOptions(profile),
    mtu: profile.mtu,
    addresses: innerAddresses(profile),
    routes: carriedNetworks(profile),
    associations: manualAssociations(profile, secrets, outer),
  };
}

/** A default route in halves: each is more specific than the machine's own default route, which stays as it is. */
const halves: Readonly<Record<string, readonly string[]>> = {
  '0.0.0.0/0': ['0.0.0.0/1', '128.0.0.0/1'],
  '::/0': ['::/1', '8000::/1'],
};

/** What is routed into the tunnel of a profile. @throws {IpsecError} only for a profile that was never checked. */
export function carriedNetworks(profile: Profile): IpPrefix[] {
  return prefixesOf(profile, 'routes').flatMap((route) => (halves[route] ?? [route]).map(parsePrefix));
}
