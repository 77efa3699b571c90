/**
 * Profiles for tests: one that is complete, with its secrets, and what differs from it.
 * @module
 */
import assert from 'node:assert/strict';
import { literalPair } from '#core/profile/profile-check.ts';
import type { Profile, ProfileInput } from '#core/profile/profile.ts';
import type { ProfileSecrets } from '#core/profile/profile-secrets.ts';
import { parseProfile } from '#core/profile/stored-profile.ts';
import { toTunnelSetup } from '#core/tunnel/profile/profile-setup.ts';
import type { TunnelSetup } from '#core/tunnel/tunnel-setup.ts';

/** A profile as a user may write it, between two gateways of the documentation's networks. */
export const exampleInput: ProfileInput = {
  name: 'office',
  interface: 'ipsec0',
  local: { host: '192.0.2.1' },
  peer: { host: '192.0.2.2' },
  addresses: [
    { address: '172.16.1.1', prefixLength: 32, peer: '172.16.2.1' },
    { address: 'fd00::1:1', prefixLength: 128, peer: 'fd00::2:1' },
  ],
  routes: ['10.2.0.0/16'],
  networks: ['10.1.0.0/16'],
  keys: {
    kind: 'manual',
    encryption: 'aes-cbc',
    integrity: 'hmac-sha256',
    pairs: [
      { carries: 'ipv4', spiOut: 0x1001, spiIn: 0x1002 },
      { carries: 'ipv6', spiOut: 0x1003, spiIn: 0x1004 },
    ],
  },
};

const key = (digit: string): ProfileSecrets['pairs'][number]['out'] => ({
  encryption: digit.repeat(32),
  integrity: digit.repeat(64),
});

/** Secrets of `exampleInput`: each key is one digit over and over. */
export const exampleSecrets: ProfileSecrets = {
  kind: 'manual',
  pairs: [
    { out: key('1'), in: key('2') },
    { out: key('3'), in: key('4') },
  ],
};

/** The example with changes. */
export function exampleProfile(changes: Partial<ProfileInput> = {}): Profile {
  return parseProfile({ ...exampleInput, ...changes });
}

/** The example over NAT-T, and its secrets. */
export function natTraversalProfile(changes: Partial<ProfileInput> = {}): {
  readonly profile: Profile;
  readonly secrets: ProfileSecrets;
} {
  const pairs = [{ carries: 'any', spiOut: 0x2001, spiIn: 0x2002 }] as const;
  const profile = exampleProfile({
    flags: { link0: true },
    keys: { ...exampleInput.keys, pairs: [...pairs] },
    ...changes,
  });
  return { profile, secrets: { kind: 'manual', pairs: exampleSecrets.pairs.slice(0, 1) } };
}

/** The tunnel that a profile between addresses makes. */
export function exampleSetup(profile = exampleProfile(), secrets = exampleSecrets): TunnelSetup {
  const outer = literalPair(profile);
  assert.ok(outer !== null);
  return toTunnelSetup({ profile, secrets, revision: 1 }, outer);
}
