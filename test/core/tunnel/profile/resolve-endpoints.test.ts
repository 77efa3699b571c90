/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { needsResolving, resolveEndpoints } from '#core/tunnel/profile/resolve-endpoints.ts';
import { FakeResolver } from '#test/support/profile/fake-profiles.ts';
import { exampleProfile } from '#test/support/profile/profiles.ts';
import { rejectedCode } from '#test/support/thrown-code.ts';

function resolver(names: Readonly<Record<string, readonly string[]>>): FakeResolver {
  const fake = new FakeResolver();
  for (const [name, addresses] of Object.entries(names)) fake.names.set(name, addresses);
  return fake;
}

test('the name’s address has the IP version of the end that is an address', async () => {
  const names = resolver({ 'vpn.example.com': ['2001:db8::9', '192.0.2.9'] });
  const profile = exampleProfile({ peer: { host: 'VPN.example.com' } });
  assert.equal((await resolveEndpoints(profile, names)).peer, '192.0.2.9');
  const over6 = exampleProfile({ local: { host: '2001:db8::1' }, peer: { host: 'vpn.example.com' } });
  assert.equal((await resolveEndpoints(over6, names)).peer, '2001:db8::9');
});

test('of two names the first IP version that both have is taken, in the order of the peer’s', async () => {
  const names = resolver({ here: ['192.0.2.1', '2001:db8::1'], there: ['2001:db8::2', '192.0.2.2'] });
  const profile = exampleProfile({ local: { host: 'here' }, peer: { host: 'there' } });
  const { local, peer } = await resolveEndpoints(profile, names);
  assert.deepEqual([local, peer], ['2001:db8::1', '2001:db8::2']);
});

test('auto is the address that the kernel uses towards the peer', async () => {
  const names = resolver({});
  names.source = '203.0.113.7';
  const profile = exampleProfile({ local: { host: 'auto' } });
  assert.deepEqual(await resolveEndpoints(profile, names), {
    local: '203.0.113.7',
    peer: '192.0.2.2',
    localPort: 0,
    peerPort: 0,
  });
});

test('no common IP version, or no address, is a refusal that may pass', async () => {
  const names = resolver({ six: ['2001:db8::2'] });
  for (const host of ['six', 'nowhere']) {
    assert.equal(await rejectedCode(resolveEndpoints(exampleProfile({ peer: { host } }), names)), 'PROFILE_UNRESOLVED');
  }
});

test('only names and auto need asking', () => {
  assert.equal(needsResolving(exampleProfile()), false);
  assert.equal(needsResolving(exampleProfile({ local: { host: 'auto' } })), true);
  assert.equal(needsResolving(exampleProfile({ peer: { host: 'vpn.example.com' } })), true);
});
