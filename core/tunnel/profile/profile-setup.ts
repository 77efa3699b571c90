/**
 * From a profile and the outer addresses of this moment to what a gateway sets up.
 * @module
 */
import type { OuterPair } from '#core/ipsecif/outer-pair.ts';
import { manualAssociations } from '#core/profile/manual-associations.ts';
import { innerAddresses, interfaceOptions, prefixesOf } from '#core/profile/profile-check.ts';
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
    routes: prefixesOf(profile, 'routes'),
    associations: manualAssociations(profile, secrets, outer),
  };
}
