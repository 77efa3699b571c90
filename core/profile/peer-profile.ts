/**
 * The other end's profile: addresses, ports, SPIs, keys and networks change sides, everything else stays.
 *
 * What this end cannot know (inner addresses of the other end where no peer address is given, networks behind this end)
 * is told, not guessed.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { addressFamily, parseIpAddress } from '#core/ip/address.ts';
import { autoAddress, parseEndpointHost } from './endpoint.ts';
import type { Profile } from './profile.ts';
import type { ProfileSecrets } from './profile-secrets.ts';

/** A mirrored profile. */
export type PeerProfile = {
  readonly profile: Profile;
  /** What the other end has to add by itself, a sentence each. */
  readonly gaps: readonly string[];
};

/**
 * Mirror a profile. `ownHost` is how the other end reaches this one, where that is not what the profile says: behind a
 * NAT box, or where it says `auto`.
 * @throws {IpsecError} `PROFILE_UNRESOLVED` when this end's address is `auto` and `ownHost` is left out.
 */
export function peerProfile(profile: Profile, ownHost: string = profile.local.host): PeerProfile {
  if (parseEndpointHost(ownHost, 'local.host').kind === 'auto') {
    const message = `the address of this end is "${autoAddress}": the other end needs one to send to`;
    throw new IpsecError('PROFILE_UNRESOLVED', message, { field: 'local.host' });
  }
  const { addresses, gaps } = mirrorAddresses(profile);
  const { routes, networks, keys, local, peer } = profile;
  if (networks.length === 0) gaps.push('Add routes to the networks behind this end; the profile names none.');
  return {
    profile: {
      ...profile,
      local: peer,
      peer: { host: ownHost, port: local.port },
      addresses,
      routes: networks,
      networks: routes,
      keys: {
        ...keys,
        pairs: keys.pairs.map(({ carries, spiOut, spiIn }) => ({ carries, spiOut: spiIn, spiIn: spiOut })),
      },
    },
    gaps,
  };
}

/** The other end's secrets: what this end sends with, it receives with. */
export function peerSecrets(secrets: ProfileSecrets): ProfileSecrets {
  return { ...secrets, pairs: secrets.pairs.map((pair) => ({ out: pair.in, in: pair.out })) };
}

function mirrorAddresses({ addresses }: Profile): {
  readonly addresses: Profile['addresses'];
  readonly gaps: string[];
} {
  const gaps: string[] = [];
  const mirrored: Profile['addresses'] = [];
  for (const { address, prefixLength, peer } of addresses) {
    if (peer !== null) mirrored.push({ address: peer, prefixLength, peer: address });
    else {
      const word = addressFamily(parseIpAddress(address)) === 4 ? 'inet' : 'inet6';
      gaps.push(`Add an inner address (${word}) of the other end; ${address}/${prefixLength} names none.`);
    }
  }
  return { addresses: mirrored, gaps };
}
