/**
 * Whether what is in the machine is what a profile says, after an interface and its profile were changed together: then
 * the tunnel need not come up anew for what is saved. Pure.
 * @module
 */
import { networkPrefix, type IpPrefix } from '#core/ip/prefix.ts';
import type { Interface } from '#core/ipsecif/interface.ts';
import { innerAddresses, interfaceOptions, prefixesOf } from '#core/profile/profile-check.ts';
import type { Profile } from '#core/profile/profile.ts';
import type { StoredProfile } from '#core/profile/stored-profile.ts';
import type { InterfaceChange } from '#core/tunnel/command/interface-change.ts';

/** What the tunnel was made from, what is saved now, the interface as it is, and the change that led to it. */
export type LiveChange = {
  readonly made: StoredProfile;
  readonly saved: StoredProfile;
  readonly record: Interface;
  readonly change: Pick<InterfaceChange, 'addedRoutes' | 'removedRoutes'>;
};

/** Whether nothing of `saved` waits for the next `up`. Associations are those of `made`: keys and ends must be the same. */
export function isUpToDate({ made, saved, record, change }: LiveChange): boolean {
  return (
    isSame(madeOnce(made), madeOnce(saved)) &&
    isSame(asSaved(saved.profile), asIs(record)) &&
    isSame(routesAfter(made.profile, change), prefixesOf(saved.profile, 'routes').toSorted())
  );
}

/** What takes the tunnel down to change. */
function madeOnce({ profile, secrets }: StoredProfile): unknown {
  const { local, peer, keys, flags } = profile;
  return [profile.interface, local, peer, keys, flags.link0, secrets];
}

function asSaved(profile: Profile): unknown {
  const { link0, link1, link2, unnumbered } = profile.flags;
  const addresses = innerAddresses(profile).map(addressText).toSorted();
  return [link0, link1, link2, unnumbered, profile.mtu, addresses, sorted(interfaceOptions(profile))];
}

function asIs({ flags, mtu, addresses, options }: Interface): unknown {
  const { link0, link1, link2, unnumbered } = flags;
  return [link0, link1, link2, unnumbered, mtu, addresses.map(addressText).toSorted(), sorted(options)];
}

function routesAfter(profile: Profile, { addedRoutes, removedRoutes }: LiveChange['change']): IpPrefix[] {
  const removed = removedRoutes.map(networkPrefix);
  const kept = prefixesOf(profile, 'routes').filter((route) => !removed.includes(route));
  return [...new Set([...kept, ...addedRoutes.map(networkPrefix)])].toSorted();
}

function addressText({ address, prefixLength, peer }: Interface['addresses'][number]): string {
  return `${address}/${prefixLength} ${peer ?? ''}`;
}

function sorted(options: object): unknown {
  return Object.entries(options).toSorted(([one], [other]) => (one < other ? -1 : 1));
}

/** Both come from one schema, so their fields are in one order. */
function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
