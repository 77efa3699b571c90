/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IpsecError } from '#core/base/error.ts';
import { parseIpAddress, type IpAddress } from '#core/ip/address.ts';
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

const noPeers = ['127.0.0.1', '127.8.9.1', '::1', '0.0.0.0', '::', '224.0.0.5', 'ff02::1', '255.255.255.255'];

for (const address of noPeers) {
  test(`a name that leads to ${address} is not resolved, and the next address of it is taken`, async () => {
    const names = resolver({ wrong: [address], mixed: [address, '192.0.2.9', '2001:db8::9'] });
    names.source = address;
    const auto = { local: { host: 'auto' } };
    const refusal = await resolveEndpoints(exampleProfile({ ...auto, peer: { host: 'wrong' } }), names).catch(
      (error: unknown) => error,
    );
    assert.ok(refusal instanceof IpsecError);
    assert.deepEqual([refusal.code, refusal.details['field']], ['PROFILE_UNRESOLVED', 'peer.host']);
    assert.ok(refusal.message.includes(`wrong leads to ${address}`), refusal.message);
    const { peer } = await resolveEndpoints(exampleProfile({ ...auto, peer: { host: 'mixed' } }), names);
    assert.equal(peer, '192.0.2.9');
  });
}

test('a name that leads to this machine itself is not resolved, whether this end is given, asked for or named', async () => {
  const names = resolver({ vpn: ['192.0.2.1'], here: ['192.0.2.1'] });
  for (const host of ['192.0.2.1', 'auto', 'here']) {
    const profile = exampleProfile({ local: { host }, peer: { host: 'vpn' } });
    await assert.rejects(
      resolveEndpoints(profile, names),
      /the name vpn leads to 192\.0\.2\.1, which is an address of this machine/,
    );
  }
});

test('where the way to one address of a name is closed the next is taken, and the first refusal is told where all are', async () => {
  const names = resolver({ vpn: ['2001:db8::9', '192.0.2.9'] });
  const noWayTo = (closed: (address: string) => boolean): void => {
    names.sourceTowards = (peer: IpAddress) =>
      closed(peer)
        ? Promise.reject(new IpsecError('PROFILE_UNRESOLVED', `no way to ${peer}`))
        : Promise.resolve(parseIpAddress('192.0.2.1'));
  };
  const profile = exampleProfile({ local: { host: 'auto' }, peer: { host: 'vpn' } });
  noWayTo((address) => address.includes(':'));
  assert.equal((await resolveEndpoints(profile, names)).peer, '192.0.2.9');
  noWayTo(() => true);
  await assert.rejects(resolveEndpoints(profile, names), /no way to 2001:db8::9/);
});

test('a name that is not found is told by the field that it stands in', async () => {
  for (const [field, profile] of [
    ['local.host', exampleProfile({ local: { host: 'nowhere' } })],
    ['peer.host', exampleProfile({ peer: { host: 'nowhere' } })],
  ] as const) {
    const refusal = await resolveEndpoints(profile, resolver({})).catch((error: unknown) => error);
    assert.ok(refusal instanceof IpsecError && refusal.details['field'] === field);
  }
});

test('only names and auto need asking', () => {
  assert.equal(needsResolving(exampleProfile()), false);
  assert.equal(needsResolving(exampleProfile({ local: { host: 'auto' } })), true);
  assert.equal(needsResolving(exampleProfile({ peer: { host: 'vpn.example.com' } })), true);
});
