/**
 * An interface and its profile, changed together: what becomes of the routes, and whether then all that is saved is in the
 * machine, so that the tunnel need not come up anew. Pure.
 * @module
 */
import { isSameValue } from '#core/base/same-value.ts';
import type { Interface } from '#core/ipsecif/interface.ts';
import { innerAddresses, interfaceOptions } from '#core/profile/profile-check.ts';
import type { Profile } from '#core/profile/profile.ts';
import type { StoredProfile } from '#core/profile/stored-profile.ts';
import type { InterfaceChange } from '#core/tunnel/command/interface-change.ts';
import { carriedNetworks } from './profile-setup.ts';

/** `change` with what makes the routes of a tunnel that was made from `made` those of `saved`. */
export function withRoutes(change: InterfaceChange, made: Profile, saved: Profile): InterfaceChange {
  const wanted = carriedNetworks(saved);
  const gone = carriedNetworks(made).filter((route) => !wanted.includes(route));
  return {
    ...change,
    addedRoutes: [...new Set([...change.addedRoutes, ...wanted])],
    removedRoutes: [...new Set([...change.removedRoutes, ...gone])],
  };
}

/**
 * Whether nothing of `saved` waits for the next `up` of a tunnel that was made from `made`, after a change `withRoutes`.
 * Its associations are those of `made`: keys and ends must be the same.
 */
export function isUpToDate(made: StoredProfile, saved: StoredProfile, record: Interface): boolean {
  return isSameValue(madeOnce(made), madeOnce(saved)) && isSameValue(asSaved(saved.profile), asIs(record));
}

/** What only takes effect when the tunnel is made: link0 and link2 make other policies, which the associations do not belong to. */
function madeOnce({ profile, secrets }: StoredProfile): unknown {
  const { local, peer, keys, flags } = profile;
  return [profile.interface, local, peer, keys, flags.link0, flags.link2, secrets];
}

function asSaved(profile: Profile): unknown {
  const { link0, link1, link2, unnumbered } = profile.flags;
  const addresses = innerAddresses(profile).map(addressText).toSorted();
  return [link0, link1, link2, unnumbered, profile.mtu, addresses, interfaceOptions(profile)];
}

function asIs({ flags, mtu, addresses, options }: Interface): unknown {
  const { link0, link1, link2, unnumbered } = flags;
  return [link0, link1, link2, unnumbered, mtu, addresses.map(addressText).toSorted(), options];
}

function addressText({ address, prefixLength, peer }: Interface['addresses'][number]): string {
  return `${address}/${prefixLength} ${peer ?? ''}`;
}
