/**
 * A profile for the picture of two gateways in memory, and what carries an export out on one of them.
 * @module
 */
import assert from 'node:assert/strict';
import type { Side, TwoGateways } from '#core/host/memory/two-gateways.ts';
import { SeededRandom } from '#core/host/memory/seeded-random.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { generateSecrets, recommendedSuite } from '#core/profile/manual-keys.ts';
import { prefixesOf } from '#core/profile/profile-check.ts';
import type { Profile } from '#core/profile/profile.ts';
import type { ProfileSecrets } from '#core/profile/profile-secrets.ts';
import { parseProfile } from '#core/profile/stored-profile.ts';

/** The profile of gateway A, over an outer family, with UDP or without. */
export function pictureProfile(
  { a, b }: TwoGateways,
  outer: 4 | 6,
  link0: boolean,
): { readonly profile: Profile; readonly secrets: ProfileSecrets } {
  const pairs = link0
    ? [{ carries: 'any', spiOut: 0x3001, spiIn: 0x3002 }]
    : [
        { carries: 'ipv4', spiOut: 0x3001, spiIn: 0x3002 },
        { carries: 'ipv6', spiOut: 0x3003, spiIn: 0x3004 },
      ];
  const profile = parseProfile({
    name: 'picture',
    interface: 'ipsec0',
    local: { host: a.addresses.wire[outer] },
    peer: { host: b.addresses.wire[outer] },
    flags: { link0 },
    addresses: [
      { address: a.addresses.inner[4], prefixLength: 32, peer: b.addresses.inner[4] },
      { address: a.addresses.inner[6], prefixLength: 128, peer: b.addresses.inner[6] },
    ],
    routes: [b.addresses.network[4], b.addresses.network[6]],
    networks: [a.addresses.network[4], a.addresses.network[6]],
    keys: { kind: 'manual', ...recommendedSuite, pairs },
  });
  return { profile, secrets: generateSecrets(profile.keys, new SeededRandom(9)) };
}

/** Carry out ifconfig's and setkey's text on one gateway, and route the networks of its profile into the tunnel. */
export async function carryOut(
  { gateway, router, addresses }: Side,
  texts: { readonly ifconfig: string; readonly interfaceName: string | null; readonly setkey: string },
  profile: Profile,
): Promise<void> {
  await gateway.setSettings({ usesFixedReqid: true });
  const configured = await gateway.runIfconfig(texts.ifconfig, 'file', texts.interfaceName);
  assert.deepEqual(configured.errors, []);
  const run = await gateway.runSetkey(texts.setkey, 'file', 1);
  assert.deepEqual(run.errors, []);
  for (const prefix of prefixesOf(profile, 'routes')) {
    router.addRoute(prefix, parseIpAddress(addresses.inner[prefix.includes(':') ? 6 : 4]));
  }
}

/** Pings between the hosts behind the gateways that came back, of 12. */
export function pingsThatReturn({ a, b }: TwoGateways): number {
  let received = 0;
  for (const family of [4, 6] as const) {
    received += a.host.ping(parseIpAddress(b.addresses.host[family]), { count: 3 }).received;
    received += b.host.ping(parseIpAddress(a.addresses.host[family]), { count: 3 }).received;
  }
  return received;
}
