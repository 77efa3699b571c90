/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assign, profileFromFlags, type CreateFlags } from '#core/cli/profile/profile-flags.ts';
import { SeededRandom } from '#core/host/memory/seeded-random.ts';
import { generateSecrets } from '#core/profile/manual-keys.ts';
import { checkProfile } from '#core/profile/profile-check.ts';
import { parseProfile } from '#core/profile/stored-profile.ts';
import type { Profile } from '#core/profile/profile.ts';
import { exampleProfile } from '#test/support/profile/profiles.ts';
import { thrownCode } from '#test/support/thrown-code.ts';

const random = new SeededRandom(1);

function fromFlags(flags: Partial<CreateFlags>): Profile {
  const surroundings = { random, isSpiUsed: () => false, interfaces: new Set(['ipsec0', 'ipsec2']) };
  const profile = parseProfile(profileFromFlags('office', { link2: true, peer: '192.0.2.2', ...flags }, surroundings));
  checkProfile(profile, generateSecrets(profile.keys, random));
  return profile;
}

test('the other end alone is a profile: the rest is chosen, and fits', () => {
  const { interface: name, local, peer, keys, startup, flags } = fromFlags({});
  assert.deepEqual([name, local, peer], ['ipsec1', { host: 'auto', port: 0 }, { host: '192.0.2.2', port: 0 }]);
  assert.deepEqual([keys.encryption, keys.integrity, keys.pairs.length], ['aes-cbc', 'hmac-sha256', 2]);
  assert.deepEqual([startup, flags.link2], ['manual', true]);
});

test('every flag has its field', () => {
  const profile = fromFlags({
    ...{ local: '192.0.2.1,4501', peer: 'vpn.example.com,4502', interface: 'ipsec7', mtu: '1400' },
    ...{ address: ['10.9.0.1/24', 'fd00::1,fd00::2'], route: ['10.2.0.0/16'], network: ['10.1.0.0/16'] },
    ...{ link0: true, link1: true, encryption: 'aes-gcm-16', replay: '8', esn: true, lifetime: '50,60' },
    ...{ upAtStart: true, description: 'to the office' },
  });
  assert.deepEqual([profile.local.port, profile.peer], [4501, { host: 'vpn.example.com', port: 4502 }]);
  assert.deepEqual(profile.addresses, [
    { address: '10.9.0.1', prefixLength: 24, peer: null },
    { address: 'fd00::1', prefixLength: 128, peer: 'fd00::2' },
  ]);
  const { encryption, integrity, replayBytes, hasEsn, soft, hard, pairs } = profile.keys;
  assert.deepEqual(
    [encryption, integrity, replayBytes, hasEsn, pairs[0]?.carries],
    ['aes-gcm-16', null, 8, true, 'any'],
  );
  assert.deepEqual([soft.addSeconds, hard.addSeconds], [50, 60]);
  assert.deepEqual([profile.interface, profile.mtu, profile.startup], ['ipsec7', 1400, 'up']);
  assert.deepEqual(
    [profile.routes, profile.networks, profile.description],
    [['10.2.0.0/16'], ['10.1.0.0/16'], 'to the office'],
  );
});

const refusals: readonly (readonly [string, Partial<CreateFlags>, string])[] = [
  ['a cipher that is none', { encryption: 'rot13' }, 'ALGORITHM_UNKNOWN'],
  ['a number that is none', { mtu: '1e3' }, 'PROFILE_USAGE'],
  ['a lifetime without its half', { lifetime: '60' }, 'PROFILE_USAGE'],
  ['an address that is none', { address: ['office'] }, 'ADDRESS_SYNTAX'],
  ['two ports', { peer: '192.0.2.2,1,2' }, 'PROFILE_USAGE'],
];
for (const [what, flags, code] of refusals) {
  test(`refuses ${what}`, () => {
    assert.equal(
      thrownCode(() => fromFlags(flags)),
      code,
    );
  });
}

test('--set replaces one value, JSON where it reads as JSON, and appends to a list', () => {
  const set = (...assignments: readonly string[]): Profile =>
    parseProfile(assignments.reduce<unknown>(assign, exampleProfile()));
  assert.equal(set('mtu=1400').mtu, 1400);
  assert.equal(set('peer.host=vpn.example.com').peer.host, 'vpn.example.com');
  assert.equal(set('description=a=b').description, 'a=b');
  assert.deepEqual(set('routes=[]', 'routes.0=10.3.0.0/16', 'routes.1=10.4.0.0/16').routes, [
    '10.3.0.0/16',
    '10.4.0.0/16',
  ]);
  assert.equal(set('addresses.0.peer=null').addresses[0]?.peer, null);
});

test('--set of what is not there, or is no assignment, is refused and changes no prototype', () => {
  for (const text of ['mtu', '=1', 'routes.x=1', 'routes.7=1', 'mtu.x=1', 'a..b=1']) {
    assert.equal(
      thrownCode(() => assign(exampleProfile(), text)),
      'PROFILE_USAGE',
      text,
    );
  }
  const document = exampleProfile();
  assert.equal(
    thrownCode(() => parseProfile(assign(document, '__proto__={"x":1}'))),
    'PROFILE_INVALID',
  );
  assert.equal(Object.getPrototypeOf(document), Object.prototype);
});
