/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IpsecError } from '#core/base/error.ts';
import { FakeMachine } from '#test/support/fake-machine.ts';
import { exampleProfile, exampleSetup, natTraversalProfile } from '#test/support/profile/profiles.ts';
import { rejectedCode } from '#test/support/thrown-code.ts';

test('makes everything, and the associations have the reqids of the policies', async () => {
  const machine = new FakeMachine();
  await machine.gateway.tunnels.setUp(exampleSetup(exampleProfile({ mtu: 1400, flags: { link1: true } })));
  const { interfaces, associations, policies } = machine.gateway.status();
  const [ipsec0] = interfaces;
  assert.deepEqual(
    [ipsec0?.isUp, ipsec0?.link1, ipsec0?.mtu, ipsec0?.addresses.length, ipsec0?.state],
    [true, true, 1400, 2, 'idle'],
  );
  for (const { source, reqid, interfaces: users } of associations) {
    const direction = source === '192.0.2.1' ? 'out' : 'in';
    assert.ok(policies.some((row) => row.direction === direction && row.requests[0]?.reqid === reqid));
    assert.deepEqual(users, ['ipsec0']);
  }
  assert.equal(new Set(associations.map(({ reqid }) => reqid)).size, 4);
  assert.deepEqual(
    machine.host.routes.map(({ destination, interface: name, origin }) => [destination, name, origin]),
    [['10.2.0.0/16', 'ipsec0', 'culvert']],
  );
});

test('addresses of a device that a killed helper left go once those of the tunnel are there: with the last the routes would go', async () => {
  const { gateway, host } = new FakeMachine();
  await gateway.tunnels.setUp(exampleSetup());
  const dropped = host.calls.indexOf('dropFormerAddresses ipsec0');
  const added = host.calls.findLastIndex((call) => call.startsWith('addAddress ipsec0'));
  assert.ok(added >= 0 && dropped > added, host.calls.join());
});

test('under link0 one pair carries both families, and its port is bound', async () => {
  const machine = new FakeMachine();
  const { profile, secrets } = natTraversalProfile({ local: { host: '192.0.2.1', port: 4501 } });
  await machine.gateway.tunnels.setUp(exampleSetup(profile, secrets));
  assert.deepEqual(
    machine.gateway.status().associations.map(({ reqid, ports }) => [reqid, ports?.source]),
    [
      [0, 4501],
      [0, 4500],
    ],
  );
  assert.ok([...machine.host.sockets.values()].includes('udp 192.0.2.1 4501'));
});

test('whatever the machine refuses, nothing of the tunnel stays, and the next attempt succeeds', async () => {
  const probe = new FakeMachine();
  await probe.gateway.tunnels.setUp(exampleSetup(exampleProfile({ mtu: 1400 })));
  const steps = probe.host.calls.length;
  assert.ok(steps >= 7, String(probe.host.calls));
  for (let step = 0; step < steps; step++) {
    const machine = new FakeMachine();
    const before = machine.view();
    machine.host.failAfter = step;
    assert.equal(
      await rejectedCode(machine.gateway.tunnels.setUp(exampleSetup(exampleProfile({ mtu: 1400 })))),
      'HOST_FAILED',
    );
    assert.deepEqual(machine.view(), before, `after step ${step}`);
    await machine.gateway.tunnels.setUp(exampleSetup(exampleProfile({ mtu: 1400 })));
  }
});

test('an SPI that is taken undoes the whole tunnel', async () => {
  const machine = new FakeMachine();
  await machine.setkey(
    `add 192.0.2.2 192.0.2.1 esp 4100 -E aes-cbc 0x${'ab'.repeat(16)} -A hmac-sha256 0x${'ab'.repeat(32)};`,
  );
  const before = machine.view();
  assert.equal(await rejectedCode(machine.gateway.tunnels.setUp(exampleSetup())), 'SA_EXISTS');
  assert.deepEqual(machine.view(), before);
});

test('IVs that cannot be reserved undo the whole tunnel: it would send nothing', async () => {
  const machine = new FakeMachine();
  const { keys } = exampleProfile();
  const profile = exampleProfile({ keys: { ...keys, encryption: 'aes-gcm-16', integrity: null } });
  const key = { encryption: 'ab'.repeat(36), integrity: null };
  const pair = { out: key, in: { ...key, encryption: 'cd'.repeat(36) } };
  machine.ivStore.isFailing = true;
  const setup = exampleSetup(profile, { kind: 'manual', pairs: [pair, pair] });
  assert.equal(await rejectedCode(machine.gateway.tunnels.setUp(setup)), 'STATE_UNWRITABLE');
  assert.deepEqual(machine.gateway.status().associations, []);
  machine.ivStore.isFailing = false;
  await machine.gateway.tunnels.setUp(setup);
  assert.ok(machine.ivStore.requests.length > 0);
});

test('a route that holds the peer is refused: the tunnel would be routed into itself', async () => {
  const machine = new FakeMachine();
  const setup = exampleSetup(exampleProfile({ routes: ['0.0.0.0/0'] }));
  await assert.rejects(
    machine.gateway.tunnels.setUp(setup),
    (error: unknown) => error instanceof IpsecError && error.code === 'TUNNEL_ROUTE_LOOP',
  );
  assert.deepEqual(machine.gateway.status().interfaces, []);
});

test('a route that a killed helper left in the device is as good, one that leads elsewhere is refused', async () => {
  const machine = new FakeMachine();
  const handle = await machine.gateway.tunnels.setUp(exampleSetup());
  await machine.gateway.tunnels.tearDown(handle);
  assert.equal(machine.host.routes.length, 1);
  await machine.gateway.tunnels.tearDown(await machine.gateway.tunnels.setUp(exampleSetup()));
  machine.host.routes = machine.host.routes.map((route) => ({ ...route, interface: 'eth0' }));
  assert.equal(await rejectedCode(machine.gateway.tunnels.setUp(exampleSetup())), 'ROUTE_EXISTS');
  assert.deepEqual(machine.gateway.status().interfaces, []);
});
