/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeMachine } from '#test/support/fake-machine.ts';
import { rejectedCode } from '#test/support/thrown-code.ts';

const stateOf = ({ gateway }: FakeMachine, name: string): string | undefined =>
  gateway.status().interfaces.find((each) => each.name === name)?.state;

test('an interface comes with a device and a counter slot, and gives both back', async () => {
  const { gateway, host } = new FakeMachine();
  // Far more than there are slots: each is used again.
  for (let round = 0; round < 3; round++) {
    await gateway.createInterface('ipsec0');
    await gateway.createInterface('ipsec1');
    assert.deepEqual([...host.devices.keys()], ['ipsec0', 'ipsec1']);
    await gateway.destroyInterface('ipsec0');
    await gateway.destroyInterface('ipsec1');
    assert.equal(host.devices.size, 0);
  }
  assert.equal(await rejectedCode(gateway.destroyInterface('ipsec0')), 'INTERFACE_NOT_FOUND');
});

test('a device that the machine does not give leaves no interface', async () => {
  const machine = new FakeMachine();
  machine.host.failAfter = 0;
  assert.equal(await rejectedCode(machine.gateway.createInterface('ipsec0')), 'HOST_FAILED');
  assert.equal(stateOf(machine, 'ipsec0'), undefined);
  await machine.gateway.createInterface('ipsec0');
});

test('a command that is refused leaves a device that a killed culvertd left as it found it: its routes keep what they carry in', async () => {
  const machine = new FakeMachine();
  const { gateway, host } = machine;
  host.devices.set('ipsec0', { token: 7, mtu: 1280, isLeft: true, addresses: [] });
  const text = 'ipsec1 create\nipsec0 create\nipsec0 inet 172.16.1.1/32 172.16.2.1\n';
  host.failAfter = 2;
  assert.equal((await gateway.runIfconfig(text, 'file', null)).errors.length, 1);
  assert.deepEqual(gateway.status().interfaces, []);
  assert.deepEqual(
    [...host.devices].map(([name, { isLeft }]) => [name, isLeft]),
    [['ipsec0', true]],
    'the new one goes, the other stays',
  );
  await gateway.createInterface('ipsec0');
  await gateway.destroyInterface('ipsec0');
  assert.equal(host.devices.size, 0, 'asked for, it goes');
});

test('an interface whose device somebody deleted says so, until it is made anew', async () => {
  const machine = new FakeMachine();
  const { gateway, datapath, host } = machine;
  await gateway.runIfconfig('create tunnel 10.0.0.1 10.0.0.2 up', 'file', 'ipsec0');
  const before = stateOf(machine, 'ipsec0');
  const token = host.devices.get('ipsec0')?.token ?? 0;
  datapath.emit({ kind: 'device-gone', tun: token });
  datapath.emit({ kind: 'device-gone', tun: token });
  assert.equal(gateway.status().interfaces[0]?.isRunning, false);
  assert.equal(machine.lines.filter(({ message }) => message.includes('deleted by another program')).length, 1);
  await gateway.destroyInterface('ipsec0');
  await gateway.runIfconfig('create tunnel 10.0.0.1 10.0.0.2 up', 'file', 'ipsec0');
  assert.equal(stateOf(machine, 'ipsec0'), before);
});
