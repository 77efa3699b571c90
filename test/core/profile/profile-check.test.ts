/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IpsecError } from '#core/base/error.ts';
import { checkProfile, literalPair, prefixesOf } from '#core/profile/profile-check.ts';
import type { ProfileInput } from '#core/profile/profile.ts';
import { exampleInput, exampleProfile, exampleSecrets, natTraversalProfile } from '#test/support/profile/profiles.ts';

const manual = exampleInput.keys;
const [pair4, pair6] = manual.pairs;
assert.ok(pair4 !== undefined && pair6 !== undefined);

test('link0 over pairs of a family each is refused with the pair that would do', () => {
  const profile = exampleProfile();
  const { spiOut, spiIn } = profile.keys.pairs[0] ?? assert.fail('no pair');
  const wanted = `[{"carries":"any","spiOut":${spiOut},"spiIn":${spiIn}}]`;
  const check = (): void => checkProfile({ ...profile, flags: { ...profile.flags, link0: true } }, exampleSecrets);
  assert.throws(check, ({ message }: Error) => message.endsWith(wanted));
});

test('the examples are right', () => {
  checkProfile(exampleProfile(), exampleSecrets);
  const { profile, secrets } = natTraversalProfile({ local: { host: 'auto' }, peer: { host: 'vpn.example.com' } });
  checkProfile(profile, secrets);
});

const refusals: readonly (readonly [string, Partial<ProfileInput>, string, string])[] = [
  ['an interface of another kind', { interface: 'gif0' }, 'INTERFACE_NAME', 'interface.name'],
  ['an MTU below what IPv6 needs', { mtu: 1279 }, 'INTERFACE_MTU', 'mtu'],
  ['a peer that is auto', { peer: { host: 'auto' } }, 'ADDRESS_SYNTAX', 'peer.host'],
  ['ends of two families', { peer: { host: '2001:db8::1' } }, 'ADDRESS_FAMILY_MIXED', 'peer'],
  ['a multicast peer', { peer: { host: '224.0.0.1' } }, 'ADDRESS_UNUSABLE', 'peer'],
  ['ports without link0', { peer: { host: '192.0.2.2', port: 4500 } }, 'TUNNEL_PORT_WITHOUT_NAT_T', 'peer.port'],
  [
    'an inner prefix that is too long',
    { addresses: [{ address: '172.16.1.1', prefixLength: 33 }] },
    'PREFIX_SYNTAX',
    'addresses.0.prefixLength',
  ],
  ['a route that is none', { routes: ['10.0.0.0/33'] }, 'PREFIX_SYNTAX', 'routes.0'],
  ['one route in two spellings', { routes: ['10.1.0.0/16', '10.1.2.3/16'] }, 'PROFILE_INVALID', 'routes'],
  ['link0 with a pair for each family', { flags: { link0: true } }, 'PROFILE_INVALID', 'keys.pairs'],
  ['IPv6 keys without link2', { flags: { link2: false } }, 'PROFILE_INVALID', 'keys.pairs'],
  [
    'one SPI for both families',
    { keys: { ...manual, pairs: [pair4, { ...pair6, spiIn: pair4.spiIn }] } },
    'PROFILE_INVALID',
    'keys.pairs',
  ],
  ['a pair without keys', { keys: { ...manual, pairs: [pair4] } }, 'PROFILE_INVALID', 'secrets.pairs'],
  ['keys of the wrong length', { keys: { ...manual, integrity: 'hmac-sha512' } }, 'KEY_LENGTH', 'keys.integrityKey'],
  [
    'an AEAD with integrity',
    { keys: { ...manual, encryption: 'aes-gcm-16' } },
    'ALGORITHM_INTEGRITY',
    'keys.integrity',
  ],
  ['a hard lifetime alone', { keys: { ...manual, hard: { addSeconds: 9 } } }, 'SA_LIFETIME', 'keys.soft'],
];

for (const [what, changes, code, field] of refusals) {
  test(`refuses ${what}, naming the field`, () => {
    assert.throws(
      () => checkProfile(exampleProfile(changes), exampleSecrets),
      (error: unknown) => {
        assert.ok(error instanceof IpsecError);
        assert.deepEqual([error.code, error.details['field']], [code, field]);
        return true;
      },
    );
  });
}

test('routes lose the bits behind their length', () => {
  const profile = exampleProfile({ routes: ['10.2.3.4/15', '2001:db8::1/32', '0.0.0.0/0', '198.51.100.7'] });
  assert.deepEqual(prefixesOf(profile, 'routes'), ['10.2.0.0/15', '2001:db8::/32', '0.0.0.0/0', '198.51.100.7/32']);
});

test('only two addresses are a pair that needs no looking up', () => {
  assert.deepEqual(literalPair(exampleProfile()), {
    local: '192.0.2.1',
    peer: '192.0.2.2',
    localPort: 0,
    peerPort: 0,
  });
  assert.equal(literalPair(exampleProfile({ peer: { host: 'vpn.example.com' } })), null);
  assert.equal(literalPair(exampleProfile({ local: { host: 'auto' } })), null);
});
