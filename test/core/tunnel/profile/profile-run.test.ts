/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeProfiles } from '#test/support/profile/fake-profiles.ts';
import { exampleInput, exampleProfile, exampleSecrets } from '#test/support/profile/profiles.ts';
import { rejectedCode } from '#test/support/thrown-code.ts';

const named = exampleProfile({ peer: { host: 'vpn.example.com' } });

function machineView({ machine }: FakeProfiles): unknown {
  const { interfaces, associations, policies } = machine.gateway.status();
  return [machine.host.view(), interfaces, associations, policies, machine.transforms.live.size];
}

test('up makes the tunnel and down takes away all of it', async () => {
  const profiles = new FakeProfiles();
  profiles.control.create(exampleProfile(), exampleSecrets);
  const before = machineView(profiles);
  const up = await profiles.control.up('office');
  assert.deepEqual([up.phase, up.tunnelState, up.revision, up.problem], ['on', 'idle', 1, null]);
  assert.equal(up.outer?.peer, '192.0.2.2');
  assert.equal((await profiles.control.down('office')).phase, 'off');
  assert.deepEqual(machineView(profiles), before);
});

test('up twice is up once, also at the same time; down of what is down is nothing', async () => {
  const profiles = new FakeProfiles();
  profiles.control.create(exampleProfile(), exampleSecrets);
  await Promise.all([profiles.control.up('office'), profiles.control.up('office')]);
  assert.equal(profiles.machine.gateway.status().associations.length, 4);
  const { calls } = profiles.machine.host;
  const made = calls.length;
  await profiles.control.up('office');
  assert.equal(calls.length, made);
  await profiles.control.down('office');
  await profiles.control.down('office');
  assert.equal(profiles.control.show('office').phase, 'off');
});

test('a name that cannot be resolved is tried again, ever more slowly, and comes up when it can', async () => {
  const profiles = new FakeProfiles();
  profiles.control.create(named, exampleSecrets);
  const first = await profiles.control.up('office');
  assert.deepEqual([first.phase, first.problem?.code], ['retrying', 'PROFILE_UNRESOLVED']);
  assert.equal(first.nextTryMs, profiles.machine.now + 5_000);
  await profiles.pass(4);
  assert.equal(profiles.resolver.questions, 1);
  await profiles.pass(1);
  assert.equal(profiles.resolver.questions, 2);
  assert.equal(profiles.control.show('office').nextTryMs, profiles.machine.now + 10_000);
  profiles.resolver.names.set('vpn.example.com', ['192.0.2.77']);
  await profiles.pass(10);
  const { phase, outer, problem } = profiles.control.show('office');
  assert.deepEqual([phase, outer?.peer, problem], ['on', '192.0.2.77', null]);
});

test('down ends the attempts', async () => {
  const profiles = new FakeProfiles();
  profiles.control.create(named, exampleSecrets);
  await profiles.control.up('office');
  await profiles.control.down('office');
  await profiles.pass(1000);
  assert.deepEqual([profiles.resolver.questions, profiles.control.show('office').phase], [1, 'off']);
});

test('down while a name is looked up leaves nothing behind, and up says that it was stopped', async () => {
  const profiles = new FakeProfiles();
  let open = (): void => {};
  profiles.resolver.gate = new Promise((resolve) => (open = resolve));
  profiles.resolver.names.set('vpn.example.com', ['192.0.2.2']);
  profiles.control.create(named, exampleSecrets);
  const up = rejectedCode(profiles.control.up('office'));
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(profiles.control.show('office').phase, 'starting');
  const down = profiles.control.down('office');
  open();
  assert.equal(await up, 'PROFILE_STOPPED');
  assert.equal((await down).phase, 'off');
  assert.deepEqual(profiles.machine.gateway.status().interfaces, []);
});

test('what does not pass by itself is a refusal; the state keeps why, and nothing is tried again', async () => {
  const profiles = new FakeProfiles();
  await profiles.machine.gateway.createInterface('ipsec0');
  profiles.control.create(exampleProfile(), exampleSecrets);
  assert.equal(await rejectedCode(profiles.control.up('office')), 'INTERFACE_EXISTS');
  const { phase, problem, nextTryMs } = profiles.control.show('office');
  assert.deepEqual([phase, problem?.code, nextTryMs], ['failed', 'INTERFACE_EXISTS', null]);
  await profiles.machine.gateway.destroyInterface('ipsec0');
  assert.equal((await profiles.control.up('office')).phase, 'on');
});

test('what the machine refuses now, such as an address that is not there yet, is tried again', async () => {
  const profiles = new FakeProfiles();
  profiles.control.create(exampleProfile(), exampleSecrets);
  profiles.machine.host.failAfter = 3;
  const view = await profiles.control.up('office');
  assert.deepEqual([view.phase, view.problem?.code], ['retrying', 'HOST_FAILED']);
  assert.deepEqual(profiles.machine.gateway.status().interfaces, []);
  await profiles.pass(5);
  assert.equal(profiles.control.show('office').phase, 'on');
});

test('a name is looked up every five minutes, and the tunnel follows where it leads without a gap in the interface', async () => {
  const profiles = new FakeProfiles();
  profiles.resolver.names.set('vpn.example.com', ['192.0.2.2']);
  profiles.control.create(named, exampleSecrets);
  await profiles.control.up('office');
  const device = profiles.machine.host.devices.get('ipsec0');
  profiles.resolver.names.set('vpn.example.com', ['192.0.2.99', '192.0.2.2']);
  await profiles.pass(299);
  assert.equal(profiles.control.show('office').outer?.peer, '192.0.2.2');
  await profiles.pass(1);
  assert.equal(profiles.control.show('office').outer?.peer, '192.0.2.99');
  assert.equal(profiles.machine.gateway.status().interfaces[0]?.tunnel?.peer, '192.0.2.99');
  assert.equal(profiles.machine.host.devices.get('ipsec0'), device);
  await profiles.control.down('office');
  assert.deepEqual(profiles.machine.gateway.status().associations, []);
});

test('a name that is lost while the tunnel is up is told, and the tunnel stays', async () => {
  const profiles = new FakeProfiles();
  profiles.resolver.names.set('vpn.example.com', ['192.0.2.2']);
  profiles.control.create(named, exampleSecrets);
  await profiles.control.up('office');
  profiles.resolver.names.clear();
  await profiles.pass(300);
  const view = profiles.control.show('office');
  assert.deepEqual([view.phase, view.problem?.code, view.outer?.peer], ['on', 'PROFILE_UNRESOLVED', '192.0.2.2']);
  profiles.resolver.names.set('vpn.example.com', ['192.0.2.2']);
  await profiles.pass(300);
  assert.equal(profiles.control.show('office').problem, null);
});

test('a counter mode’s IVs are reserved anew each time it comes up or moves, and none is used twice (RFC 8221 §3)', async () => {
  const profiles = new FakeProfiles();
  profiles.resolver.names.set('vpn.example.com', ['192.0.2.2']);
  const { keys } = named;
  const gcm = exampleProfile({
    ...exampleInput,
    peer: named.peer,
    keys: { ...keys, encryption: 'aes-gcm-16', integrity: null },
  });
  profiles.control.create(gcm, 'generate');
  await profiles.control.up('office');
  await profiles.control.down('office');
  await profiles.control.up('office');
  profiles.resolver.names.set('vpn.example.com', ['192.0.2.99']);
  await profiles.pass(300);
  assert.equal(profiles.control.show('office').outer?.peer, '192.0.2.99');
  const highs = new Map<number, readonly number[]>();
  for (const { outbound } of profiles.machine.datapath.published) {
    for (const { id, ivHighs } of outbound) highs.set(id, ivHighs);
  }
  const all = [...highs.values()].flat();
  assert.equal(highs.size, 6, 'three times, for each inner family one');
  assert.equal(new Set(all).size, all.length);
});

test('addresses are never looked up', async () => {
  const profiles = new FakeProfiles();
  profiles.control.create(exampleProfile(), exampleSecrets);
  await profiles.control.up('office');
  await profiles.pass(10_000);
  assert.equal(profiles.resolver.questions, 0);
});

test('a tunnel whose interface was destroyed by hand is lost, and up makes it anew', async () => {
  const profiles = new FakeProfiles();
  profiles.control.create(exampleProfile(), exampleSecrets);
  await profiles.control.up('office');
  await profiles.machine.gateway.destroyInterface('ipsec0');
  assert.deepEqual(
    [profiles.control.show('office').phase, profiles.control.show('office').tunnelState],
    ['on', 'lost'],
  );
  assert.equal((await profiles.control.up('office')).tunnelState, 'idle');
  assert.equal(profiles.machine.gateway.status().associations.length, 4);
});
