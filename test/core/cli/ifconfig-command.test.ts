/** @module */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { IpsecError } from '#core/base/error.ts';
import { connectHelper } from '#core/client/helper-client.ts';
import { runIfconfig } from '#core/cli/ifconfig-command.ts';
import { formatInterface } from '#core/cli/ifconfig-output.ts';
import {
  exampleInterface,
  exampleStatus,
  fakeTerminal,
  startFakeHelper,
  type FakeHelper,
  type FakeTerminal,
  type Script,
} from './fake-helper.ts';

type Outcome = { readonly status: number; readonly terminal: FakeTerminal; readonly calls: FakeHelper['calls'] };

async function ifconfig(context: TestContext, line: string, script: Script = {}): Promise<Outcome> {
  const { path, calls } = await startFakeHelper(context, { 'status.get': () => exampleStatus, ...script });
  const terminal = fakeTerminal();
  const words = line.split(' ').filter((word) => word !== '');
  const status = await runIfconfig(words, { terminal, connect: () => connectHelper(path) });
  return { status, terminal, calls };
}

test('the words of one line become calls in their order, and success is silent', async (context) => {
  const line =
    'ipsec0 create tunnel 192.0.2.1 198.51.100.1,4500 inet 172.16.100.1/32 172.16.200.1 mtu 1400 link1 -link2 up -alias 10.0.0.1 deletetunnel down destroy';
  const { status, terminal, calls } = await ifconfig(context, line);
  assert.deepEqual([status, terminal.output, terminal.errors], [0, '', '']);
  const name = 'ipsec0';
  assert.deepEqual(calls, [
    ['interface.create', { name }],
    ['interface.setTunnel', { name, local: '192.0.2.1', peer: '198.51.100.1', localPort: 0, peerPort: 4500 }],
    ['interface.addAddress', { name, address: '172.16.100.1', prefixLength: 32, peer: '172.16.200.1' }],
    ['interface.setMtu', { name, mtu: 1400 }],
    ['interface.setFlags', { name, link1: true }],
    ['interface.setFlags', { name, link2: false }],
    ['interface.setFlags', { name, isUp: true }],
    ['interface.removeAddress', { name, address: '10.0.0.1' }],
    ['interface.deleteTunnel', { name }],
    ['interface.setFlags', { name, isUp: false }],
    ['interface.destroy', { name }],
  ]);
});

test('shows one interface, all of them, or their names', async (context) => {
  const shown = formatInterface(exampleInterface);
  for (const [line, output] of [
    ['', shown],
    ['-a', shown],
    ['ipsec0', shown],
    ['-l', 'ipsec0\n'],
  ] as const) {
    const { status, terminal } = await ifconfig(context, line);
    assert.deepEqual([status, terminal.output], [0, output], line);
  }
});

test('a refusal names the ioctl, stops the line, and the exit status is 1', async (context) => {
  const refuse = (): never => {
    throw new IpsecError('TUNNEL_PAIR_IN_USE', 'ipsec1 has this pair');
  };
  const { status, terminal, calls } = await ifconfig(context, 'ipsec0 create tunnel 192.0.2.1 198.51.100.1 up', {
    'interface.setTunnel': refuse,
  });
  assert.equal(status, 1);
  assert.match(
    terminal.errors,
    /^ifconfig: SIOCSLIFPHYADDR: Can't assign requested address\n {2}ipsec1 has this pair\. Use another pair/,
  );
  assert.deepEqual(
    calls.map(([method]) => method),
    ['interface.create', 'interface.setTunnel'],
  );
});

test('every action has its own ioctl', async (context) => {
  const refuse = (): never => {
    throw new IpsecError('API_DENIED', 'user 1000 may not do this');
  };
  const script: Script = {
    'interface.create': refuse,
    'interface.destroy': refuse,
    'interface.deleteTunnel': refuse,
    'interface.addAddress': refuse,
    'interface.removeAddress': refuse,
    'interface.setMtu': refuse,
    'interface.setFlags': refuse,
  };
  for (const [words, ioctl] of [
    ['create', 'SIOCIFCREATE'],
    ['destroy', 'SIOCIFDESTROY'],
    ['deletetunnel', 'SIOCDIFPHYADDR'],
    ['inet 10.0.0.1', 'SIOCAIFADDR'],
    ['inet6 2001:db8::1', 'SIOCAIFADDR_IN6'],
    ['delete 10.0.0.1', 'SIOCDIFADDR'],
    ['mtu 1300', 'SIOCSIFMTU'],
    ['up', 'SIOCSIFFLAGS'],
    ['link0', 'SIOCSIFFLAGS'],
  ] as const) {
    const { status, terminal } = await ifconfig(context, `ipsec0 ${words}`, script);
    assert.equal(status, 1);
    assert.match(
      terminal.errors,
      new RegExp(`^ifconfig: ${ioctl}: Operation not permitted\n {2}user 1000 may not do this\\. Run`),
      words,
    );
  }
});

test('a wrong word anywhere in the line changes nothing', async (context) => {
  const { status, terminal, calls } = await ifconfig(context, 'ipsec0 create tunnel 192.0.2.1 ::1');
  assert.deepEqual([status, calls], [1, []]);
  assert.match(terminal.errors, /^ifconfig: source and destination address families do not match\n/);
});

test('names that are no ipsec interface are refused, and one that is not there is said not to exist', async (context) => {
  for (const line of ['eth0 create', 'ipsec00', 'ipsec', '-z', '-a up']) {
    const { status, terminal, calls } = await ifconfig(context, line);
    assert.deepEqual([status, calls], [1, []], line);
    assert.match(terminal.errors, /^ifconfig: .*\n {2}.*\n$/);
  }
  const { status, terminal } = await ifconfig(context, 'ipsec9');
  assert.equal(status, 1);
  assert.match(terminal.errors, /^ifconfig: interface ipsec9 does not exist\n/);
});
