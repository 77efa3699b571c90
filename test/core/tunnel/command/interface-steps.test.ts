/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeMachine } from '#test/support/fake-machine.ts';

const file = `create
link0 mtu 1400
tunnel 10.0.0.1,4500 10.0.0.2,4500 # the other gateway
inet 172.16.1.1/32 172.16.2.1
inet6 2001:db8:1::1/128 2001:db8:2::1
link1 -link2 unnumbered
`;

const view = ({ gateway, host }: FakeMachine): unknown => ({ status: gateway.status(), machine: host.view() });

test('a file sets up a whole interface in one step', async () => {
  const { gateway } = new FakeMachine();
  assert.deepEqual(await gateway.runIfconfig(file, 'file', 'ipsec3'), { errors: [], applied: 9 });
  const [made] = gateway.status().interfaces;
  assert.ok(made !== undefined);
  const { name, mtu, isUp, isRunning, link0, link1, link2, unnumbered, tunnel, addresses } = made;
  assert.deepEqual(
    { name, mtu, isUp, isRunning, link0, link1, link2, unnumbered },
    {
      name: 'ipsec3',
      mtu: 1400,
      isUp: true,
      isRunning: true,
      link0: true,
      link1: true,
      link2: false,
      unnumbered: true,
    },
  );
  assert.equal(tunnel?.localPort, 4500);
  assert.equal(addresses.length, 2);
  const undo = 'down -alias 172.16.1.1 deletetunnel mtu 1280 -link0';
  assert.deepEqual(await gateway.runIfconfig(undo, 'file', 'ipsec3'), { errors: [], applied: 5 });
  const [left] = gateway.status().interfaces;
  assert.deepEqual([left?.isUp, left?.tunnel, left?.mtu, left?.link0], [false, null, 1280, false]);
});

test('an address that is there already, with its length and peer, is no error and asks the machine for nothing', async () => {
  const machine = new FakeMachine();
  await machine.gateway.runIfconfig(file, 'file', 'ipsec3');
  const before = view(machine);
  const again = 'inet 172.16.1.1/32 172.16.2.1 inet6 2001:db8:1::1/128 2001:db8:2::1';
  assert.deepEqual(await machine.gateway.runIfconfig(again, 'file', 'ipsec3'), { errors: [], applied: 2 });
  assert.deepEqual(view(machine), before);
  await machine.gateway.runIfconfig('down', 'file', 'ipsec3');
  await machine.gateway.runIfconfig(again, 'file', 'ipsec3');
  assert.equal(machine.gateway.status().interfaces[0]?.isUp, true);
  const { errors } = await machine.gateway.runIfconfig('inet 172.16.1.1/32 172.16.2.9', 'file', 'ipsec3');
  assert.deepEqual(
    errors.map(({ errno }) => errno),
    ['EEXIST'],
  );
});

test('a link-local address may have the zone of its own interface, and the machine gets it without', async () => {
  const machine = new FakeMachine();
  const text = 'create inet6 fe80::5%ipsec3/64 inet6 fe80::6%ipsec3 fe80::7%ipsec3 inet6 fe80::6%ipsec3 -alias';
  assert.deepEqual(await machine.gateway.runIfconfig(text, 'file', 'ipsec3'), { errors: [], applied: 4 });
  const held = machine.gateway.status().interfaces[0]?.addresses;
  assert.deepEqual(held, [{ address: 'fe80::5', prefixLength: 64, peer: null }]);
  assert.ok(!JSON.stringify(machine.host.view()).includes('%'));
  const { errors } = await machine.gateway.runIfconfig('inet6 fe80::8%em0', 'file', 'ipsec3');
  assert.deepEqual(
    errors.map(({ errno }) => errno),
    ['EADDRNOTAVAIL'],
  );
});

test('when a line is refused, nothing of the file is left, databases and machine alike', async () => {
  const machine = new FakeMachine();
  const before = view(machine);
  const { errors, applied } = await machine.gateway.runIfconfig(`${file}mtu 9000\n`, 'file', 'ipsec3');
  assert.equal(applied, 0);
  assert.deepEqual(
    errors.map(({ line, column, errno, isSyntax }) => [line, column, errno, isSyntax]),
    [[7, 1, 'EINVAL', false]],
  );
  assert.deepEqual(view(machine), before);
});

test('a check tells what would be refused, touches no device, and leaves everything as it was', async () => {
  const machine = new FakeMachine();
  const before = view(machine);
  const { length } = machine.host.calls;
  assert.deepEqual(await machine.gateway.runIfconfig(file, 'check', 'ipsec3'), { errors: [], applied: 9 });
  const { errors } = await machine.gateway.runIfconfig('create\ncreate', 'check', 'ipsec3');
  assert.deepEqual(
    errors.map(({ line, errno }) => [line, errno]),
    [[2, 'EEXIST']],
  );
  assert.equal(machine.host.calls.length, length);
  assert.deepEqual(view(machine), before);
});

test('a machine that refuses is an error of the line, too', async () => {
  const machine = new FakeMachine();
  const { errors } = await machine.gateway.runIfconfig('inet 10.9.9.9', 'file', 'ipsec3');
  assert.deepEqual(
    errors.map(({ line, errno }) => [line, errno]),
    [[1, 'ENXIO']],
  );
});
