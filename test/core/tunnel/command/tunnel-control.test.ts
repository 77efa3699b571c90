/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIpAddress } from '#core/ip/address.ts';
import type { OuterPair } from '#core/ipsecif/outer-pair.ts';
import { FakeMachine } from '#test/support/fake-machine.ts';
import { exampleProfile, exampleSetup } from '#test/support/profile/profiles.ts';
import { rejectedCode } from '#test/support/thrown-code.ts';

test('taking it down leaves what somebody else made, and nothing of its own', async () => {
  const machine = new FakeMachine();
  await machine.gateway.createInterface('ipsec7');
  await machine.setkey(
    `add 192.0.2.2 192.0.2.1 esp 9999 -E aes-cbc 0x${'ab'.repeat(16)} -A hmac-sha256 0x${'ab'.repeat(32)};`,
  );
  const before = machine.view();
  const handle = await machine.gateway.tunnels.setUp(exampleSetup());
  await machine.gateway.tunnels.tearDown(handle);
  assert.deepEqual(machine.view(), before);
});

test('what was destroyed or replaced by hand meanwhile is left alone, and the rest goes', async () => {
  const machine = new FakeMachine();
  const handle = await machine.gateway.tunnels.setUp(exampleSetup());
  await machine.setkey('delete 192.0.2.2 192.0.2.1 esp 4098;');
  await machine.gateway.destroyInterface('ipsec0');
  await machine.gateway.createInterface('ipsec0');
  assert.equal(machine.gateway.tunnels.holds(handle), false);
  await machine.gateway.tunnels.tearDown(handle);
  const { interfaces, associations } = machine.gateway.status();
  assert.deepEqual([interfaces.map(({ name }) => name), associations], [['ipsec0'], []]);
  assert.equal(await rejectedCode(machine.gateway.tunnels.repoint(handle, exampleSetup())), 'INTERFACE_NOT_FOUND');
});

test('a tunnel that is pointed elsewhere keeps interface, addresses and routes, and has associations for the new pair only', async () => {
  const machine = new FakeMachine();
  const first = await machine.gateway.tunnels.setUp(exampleSetup());
  const device = machine.host.devices.get('ipsec0');
  const moved = exampleSetup(exampleProfile({ peer: { host: '198.51.100.9' } }));
  const second = await machine.gateway.tunnels.repoint(first, moved);
  const { interfaces, associations } = machine.gateway.status();
  assert.equal(interfaces[0]?.tunnel?.peer, '198.51.100.9');
  assert.ok(
    associations.every(({ source, destination }) => [source, destination].includes(parseIpAddress('198.51.100.9'))),
  );
  assert.equal(associations.length, 4);
  assert.equal(machine.host.devices.get('ipsec0'), device);
  await machine.gateway.tunnels.tearDown(second);
  assert.deepEqual(machine.gateway.status().associations, []);
});

test('a pair that another interface has is refused, and the tunnel stays where it was', async () => {
  const machine = new FakeMachine();
  const handle = await machine.gateway.tunnels.setUp(exampleSetup());
  const other: OuterPair = {
    local: parseIpAddress('192.0.2.1'),
    peer: parseIpAddress('198.51.100.9'),
    localPort: 0,
    peerPort: 0,
  };
  await machine.gateway.createInterface('ipsec1');
  await machine.gateway.setTunnel('ipsec1', other);
  const before = machine.view();
  const moved = exampleSetup(exampleProfile({ peer: { host: '198.51.100.9' } }));
  assert.equal(await rejectedCode(machine.gateway.tunnels.repoint(handle, moved)), 'TUNNEL_PAIR_IN_USE');
  assert.deepEqual(machine.view(), before);
});
