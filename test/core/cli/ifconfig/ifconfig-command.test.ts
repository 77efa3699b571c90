/** @module */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { IpsecError } from '#core/base/error.ts';
import { connectHelper } from '#core/client/helper-client.ts';
import { runIfconfig } from '#core/cli/ifconfig/ifconfig-command.ts';
import { formatInterface } from '#core/cli/ifconfig/ifconfig-output.ts';
import {
  exampleInterface,
  exampleStatus,
  fakeTerminal,
  startFakeHelper,
  type FakeHelper,
  type FakeTerminal,
  type Script,
} from '#test/core/cli/fake-helper.ts';

type Outcome = { readonly status: number; readonly terminal: FakeTerminal; readonly calls: FakeHelper['calls'] };

async function ifconfig(context: TestContext, line: string, script: Script = {}, text = ''): Promise<Outcome> {
  const { path, calls } = await startFakeHelper(context, { 'status.get': () => exampleStatus, ...script });
  const terminal = fakeTerminal(text, { '/etc/ifconfig.ipsec0': text, 'all.conf': text });
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
    throw new IpsecError('INTERFACE_EXISTS', 'there is an ipsec0');
  };
  const { status, terminal, calls } = await ifconfig(context, 'ipsec0 create up', { 'interface.create': refuse });
  assert.equal(status, 1);
  assert.match(terminal.errors, /^ifconfig: SIOCIFCREATE: File exists\n {2}there is an ipsec0\. Take another unit/);
  assert.deepEqual(
    calls.map(([method]) => method),
    ['interface.create'],
  );
});

test('a tunnel that is refused is a warning, and the line goes on (tunnel.c); one that nobody was asked for is an error', async (context) => {
  const line = 'ipsec0 tunnel 192.0.2.1 198.51.100.1 up';
  const refused = await ifconfig(context, line, {
    'interface.setTunnel': () => {
      throw new IpsecError('TUNNEL_PAIR_IN_USE', 'ipsec1 has this pair');
    },
  });
  assert.equal(refused.status, 0);
  assert.match(
    refused.terminal.errors,
    /^ifconfig: SIOCSLIFPHYADDR: Can't assign requested address\n {2}ipsec1 has this pair\. Use another pair/,
  );
  assert.deepEqual(
    refused.calls.map(([method]) => method),
    ['interface.setTunnel', 'interface.setFlags'],
  );
  const denied = await ifconfig(context, line, {
    'interface.setTunnel': () => {
      throw new IpsecError('API_DENIED', 'user 1000 may not do this');
    },
  });
  assert.deepEqual([denied.status, denied.calls.length], [1, 1]);
  assert.match(denied.terminal.errors, /^ifconfig: SIOCSLIFPHYADDR: Operation not permitted\n/);
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

test('lists are of those that are up, down or connected; -s asks for one, and -C for the kinds that there are', async (context) => {
  const rows = [exampleInterface, { ...exampleInterface, name: 'ipsec1', isUp: false, isRunning: false, tunnel: null }];
  const script: Script = { 'status.get': () => ({ ...exampleStatus, interfaces: rows }) };
  const outcomes = [
    ['-l', 0, 'ipsec0 ipsec1\n'],
    ['-lu', 0, 'ipsec0\n'],
    ['-l -d', 0, 'ipsec1\n'],
    ['-ls', 0, 'ipsec0\n'],
    ['-au', 0, formatInterface(exampleInterface)],
    ['-s ipsec0', 0, ''],
    ['-s ipsec1', 1, ''],
    ['-C', 0, 'ipsec\n'],
  ] as const;
  for (const [line, status, output] of outcomes) {
    const outcome = await ifconfig(context, line, script);
    assert.deepEqual([outcome.status, outcome.terminal.output], [status, output], line);
  }
});

test('a file reaches the helper whole, with the interface that its name or the line gives', async (context) => {
  const script: Script = { 'ifconfig.run': () => ({ errors: [], applied: 1 }) };
  for (const [line, name, semantics] of [
    ['-f /etc/ifconfig.ipsec0', 'ipsec0', 'file'],
    ['ipsec7 -f all.conf', 'ipsec7', 'file'],
    ['-f - ipsec7', 'ipsec7', 'file'],
    ['-n -f all.conf', null, 'check'],
    ['-nf -', null, 'check'],
  ] as const) {
    const { status, terminal, calls } = await ifconfig(context, line, script, 'create\n');
    assert.deepEqual([status, terminal.output, terminal.errors], [0, '', ''], line);
    assert.deepEqual(calls, [['ifconfig.run', { name, text: 'create\n', semantics }]], line);
  }
});

test('what is wrong in a file is shown with file, line, column and a caret, and the status is 1', async (context) => {
  const error = { line: 2, column: 4, message: 'unknown word "dwon"', hint: 'Mind it.', isSyntax: true };
  const script: Script = { 'ifconfig.run': () => ({ errors: [error], applied: 0 }) };
  const { status, terminal } = await ifconfig(context, 'ipsec0 -f all.conf', script, 'create\nup dwon\n');
  assert.equal(status, 1);
  assert.equal(
    terminal.errors,
    'ifconfig: all.conf:2:4: unknown word "dwon"\n    up dwon\n       ^\n  Mind it.\nifconfig: nothing was changed\n',
  );
});
