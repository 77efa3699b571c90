/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IpsecError } from '#core/base/error.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { parsePrefix } from '#core/ip/prefix.ts';
import { FakeProfiles, MemoryProfileStore } from '#test/support/profile/fake-profiles.ts';
import { exampleProfile, exampleSecrets } from '#test/support/profile/profiles.ts';
import { rejectedCode } from '#test/support/thrown-code.ts';

function routesOf({ machine }: FakeProfiles): string[] {
  return machine.host.routes.map(({ destination, kind, interface: name }) => `${destination} ${name ?? kind}`).sort();
}

test('a profile’s networks are refused before its routes are there, and until it is taken down', async () => {
  const profiles = new FakeProfiles();
  profiles.control.create(exampleProfile(), exampleSecrets);
  await profiles.control.up('office');
  assert.deepEqual(
    profiles.machine.host.calls.filter((call) => call.startsWith('addRoute')),
    ['addRoute 10.2.0.0/16', 'addRoute 10.2.0.0/16'],
  );
  assert.deepEqual(routesOf(profiles), ['10.2.0.0/16 ipsec0', '10.2.0.0/16 reject']);
  assert.equal(profiles.machine.host.routes[0]?.kind, 'reject', 'the refusal comes first');
  assert.deepEqual(profiles.control.show('office').refused, [], 'a tunnel carries them');
  await profiles.control.down('office');
  assert.ok(!routesOf(profiles).includes('10.2.0.0/16 reject'));
});

test('while a name cannot be resolved nothing leaves in the clear, and an up that is refused changes nothing', async () => {
  const profiles = new FakeProfiles();
  profiles.control.create(exampleProfile({ peer: { host: 'vpn.example.com' } }), exampleSecrets);
  assert.equal((await profiles.control.up('office')).phase, 'retrying');
  assert.deepEqual(routesOf(profiles), ['10.2.0.0/16 reject']);
  assert.deepEqual(profiles.control.show('office').refused, ['10.2.0.0/16']);
  assert.deepEqual(profiles.control.refusing(), ['office']);
  await profiles.control.down('office');
  await profiles.machine.gateway.createInterface('ipsec0');
  profiles.control.create(exampleProfile({ name: 'other' }), exampleSecrets);
  assert.equal(await rejectedCode(profiles.control.up('other')), 'INTERFACE_EXISTS');
  assert.deepEqual([routesOf(profiles), profiles.control.show('other').refused], [[], []]);
});

test('a name server that leads astray refuses no up for good: it is tried again, and its networks stay refused', async () => {
  for (const address of ['0.0.0.0', '127.0.0.1', '224.0.0.1', '192.0.2.1']) {
    const profiles = new FakeProfiles();
    profiles.resolver.names.set('vpn.example.com', [address]);
    profiles.control.create(exampleProfile({ peer: { host: 'vpn.example.com' } }), exampleSecrets);
    const { phase, problem, refused } = await profiles.control.up('office');
    assert.deepEqual([phase, problem?.code, refused], ['retrying', 'PROFILE_UNRESOLVED', ['10.2.0.0/16']]);
    assert.deepEqual(routesOf(profiles), ['10.2.0.0/16 reject']);
    profiles.resolver.names.set('vpn.example.com', ['192.0.2.2']);
    await profiles.pass(5);
    assert.equal(profiles.control.show('office').phase, 'on');
  }
});

test('at the start all that always refuse do so in one step; where one cannot, each is tried by itself', async () => {
  const store = new MemoryProfileStore();
  const before = new FakeProfiles(store);
  for (const digit of [3, 4, 5]) {
    const changes = { name: `p${digit}`, interface: `ipsec${digit}`, routes: [`10.${digit}.0.0/16`] };
    before.control.create(
      exampleProfile({ ...changes, failClosed: digit === 5 ? 'while-up' : 'always' }),
      exampleSecrets,
    );
  }
  for (const isRefused of [false, true]) {
    const profiles = new FakeProfiles(store);
    const { host } = profiles.machine;
    let runs = 0;
    const addRoutes = host.addRoutes.bind(host);
    host.addRoutes = (routes) => {
      runs++;
      const isTaken = isRefused && routes.some(({ destination }) => destination === '10.3.0.0/16');
      return isTaken ? Promise.reject(new IpsecError('ROUTE_EXISTS', 'taken')) : addRoutes(routes);
    };
    await profiles.control.start();
    await profiles.pass(0);
    const kept = isRefused ? ['10.4.0.0/16 reject'] : ['10.3.0.0/16 reject', '10.4.0.0/16 reject'];
    assert.deepEqual([runs, routesOf(profiles)], [isRefused ? 3 : 1, kept]);
  }
});

test('always: from when it is saved until it is deleted; never: not at all; an edit changes it at once', async () => {
  const profiles = new FakeProfiles();
  const settle = (): Promise<void> => profiles.pass(0);
  profiles.control.create(exampleProfile({ failClosed: 'always' }), exampleSecrets);
  await settle();
  assert.deepEqual(routesOf(profiles), ['10.2.0.0/16 reject']);
  await profiles.control.up('office');
  await profiles.control.down('office');
  assert.deepEqual(profiles.control.show('office').refused, ['10.2.0.0/16']);
  profiles.control.edit('office', 1, exampleProfile({ failClosed: 'always', routes: ['10.3.0.0/16'] }), 'keep');
  await settle();
  assert.deepEqual(profiles.control.show('office').refused, ['10.3.0.0/16']);
  profiles.control.edit('office', 2, exampleProfile({ failClosed: 'never' }), 'keep');
  await settle();
  assert.deepEqual(profiles.control.show('office').refused, []);
  await profiles.control.up('office');
  assert.ok(!routesOf(profiles).includes('10.2.0.0/16 reject'));
  await profiles.control.down('office');
  profiles.control.edit('office', 3, exampleProfile({ failClosed: 'always' }), 'keep');
  await settle();
  await profiles.control.delete('office');
  assert.ok(!routesOf(profiles).includes('10.2.0.0/16 reject'));
});

test('a tunnel that somebody destroys by hand stays refused and says so; up makes it anew', async () => {
  const profiles = new FakeProfiles();
  profiles.control.create(exampleProfile(), exampleSecrets);
  await profiles.control.up('office');
  await profiles.machine.gateway.destroyInterface('ipsec0');
  const { phase, problem, refused } = profiles.control.show('office');
  assert.deepEqual([phase, problem?.code, refused], ['on', 'PROFILE_LOST', ['10.2.0.0/16']]);
  assert.deepEqual(profiles.control.list().profiles[0]?.problem, problem);
  profiles.machine.host.routes = profiles.machine.host.routes.filter(({ kind }) => kind !== 'unicast');
  const again = await profiles.control.up('office');
  assert.deepEqual([again.problem, again.refused], [null, []]);
});

test('a device that another program deletes is told as a problem, and up makes it anew', async () => {
  const profiles = new FakeProfiles();
  profiles.control.create(exampleProfile(), exampleSecrets);
  await profiles.control.up('office');
  const token = profiles.machine.host.devices.get('ipsec0')?.token ?? 0;
  profiles.machine.datapath.emit({ kind: 'device-gone', tun: token });
  const lost = profiles.control.show('office');
  assert.deepEqual([lost.tunnelState, lost.problem?.code, lost.refused], ['lost', 'PROFILE_LOST', ['10.2.0.0/16']]);
  profiles.machine.host.routes = profiles.machine.host.routes.filter(({ kind }) => kind !== 'unicast');
  await profiles.control.up('office');
  assert.notEqual(profiles.machine.host.devices.get('ipsec0')?.token, token);
  assert.equal(profiles.control.show('office').problem, null);
});

test('after a crash what is left refused is told, and down takes it away with the device that was left', async () => {
  const before = new FakeProfiles();
  before.control.create(exampleProfile(), exampleSecrets);
  await before.control.up('office');
  const later = new FakeProfiles(before.store);
  later.machine.host.routes = before.machine.host.routes;
  later.machine.host.devices.set('ipsec0', { token: 7, mtu: 1280, isLeft: true, addresses: [] });
  await later.control.start();
  const { phase, refused } = later.control.show('office');
  assert.deepEqual([phase, refused], ['off', ['10.2.0.0/16']]);
  assert.deepEqual((await later.control.down('office')).refused, []);
  assert.ok(!later.machine.host.devices.has('ipsec0'));
  assert.ok(!routesOf(later).includes('10.2.0.0/16 reject'));
});

test('a default route goes into the tunnel in halves, and the peer is reached outside of it', async () => {
  const profiles = new FakeProfiles();
  const origin = 'other' as const;
  const outside = { kind: 'unicast', interface: 'wan0', source: null, metric: 100, origin } as const;
  const gateway = parseIpAddress('192.0.2.254');
  profiles.machine.host.routes = [{ ...outside, destination: parsePrefix('0.0.0.0/0'), gateway }];
  const routes = ['0.0.0.0/0', '::/0'];
  profiles.control.create(exampleProfile({ peer: { host: '203.0.113.2' }, routes }), exampleSecrets);
  await profiles.control.up('office');
  assert.deepEqual(routesOf(profiles), [
    '0.0.0.0/0 wan0',
    '0.0.0.0/1 ipsec0',
    '0.0.0.0/1 reject',
    '128.0.0.0/1 ipsec0',
    '128.0.0.0/1 reject',
    '203.0.113.2/32 wan0',
    '8000::/1 ipsec0',
    '8000::/1 reject',
    '::/1 ipsec0',
    '::/1 reject',
  ]);
  await profiles.control.down('office');
  assert.deepEqual(
    routesOf(profiles).filter((text) => !text.includes('ipsec0')),
    ['0.0.0.0/0 wan0'],
  );
});
