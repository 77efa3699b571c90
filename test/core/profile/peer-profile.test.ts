/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkProfile } from '#core/profile/profile-check.ts';
import { peerProfile, peerSecrets } from '#core/profile/peer-profile.ts';
import { exampleProfile, exampleSecrets, natTraversalProfile } from '#test/support/profile/profiles.ts';
import { thrownCode } from '#test/support/thrown-code.ts';

test('addresses, ports, SPIs, keys and networks change sides', () => {
  const { profile, secrets } = natTraversalProfile({
    local: { host: '192.0.2.1', port: 4501 },
    peer: { host: 'vpn.example.com', port: 4502 },
  });
  const mirror = peerProfile(profile);
  assert.deepEqual(mirror.gaps, []);
  const { local, peer, addresses, routes, networks, keys } = mirror.profile;
  assert.deepEqual(
    [local, peer],
    [
      { host: 'vpn.example.com', port: 4502 },
      { host: '192.0.2.1', port: 4501 },
    ],
  );
  assert.deepEqual(addresses[0], { address: '172.16.2.1', prefixLength: 32, peer: '172.16.1.1' });
  assert.deepEqual([routes, networks], [['10.1.0.0/16'], ['10.2.0.0/16']]);
  assert.deepEqual(keys.pairs, [{ carries: 'any', spiOut: 0x2002, spiIn: 0x2001 }]);
  const mirrored = peerSecrets(secrets);
  assert.deepEqual(mirrored.pairs[0], { out: secrets.pairs[0]?.in, in: secrets.pairs[0]?.out });
  checkProfile(mirror.profile, mirrored);
});

test('the mirror of the mirror is the profile', () => {
  const profile = exampleProfile();
  assert.deepEqual(peerProfile(peerProfile(profile).profile).profile, profile);
  assert.deepEqual(peerSecrets(peerSecrets(exampleSecrets)), exampleSecrets);
});

test('what this end cannot know is told: the other end’s inner address, and networks', () => {
  const profile = exampleProfile({ networks: [], addresses: [{ address: '10.9.0.1', prefixLength: 24 }] });
  const { profile: mirror, gaps } = peerProfile(profile);
  assert.deepEqual([mirror.addresses, mirror.routes], [[], []]);
  assert.equal(gaps.length, 2);
  assert.match(gaps[0] ?? '', /inner address \(inet\).*10\.9\.0\.1\/24/);
});

test('an end that is auto has to say how it is reached', () => {
  const profile = exampleProfile({ local: { host: 'auto' } });
  assert.equal(
    thrownCode(() => peerProfile(profile)),
    'PROFILE_UNRESOLVED',
  );
  assert.equal(peerProfile(profile, '198.51.100.9').profile.peer.host, '198.51.100.9');
});
