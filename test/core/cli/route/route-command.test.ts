/** @module */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { RouteView } from '#core/api/route-contract.ts';
import { IpsecError } from '#core/base/error.ts';
import { runRoute } from '#core/cli/route/route-command.ts';
import { connectHelper } from '#core/client/helper-client.ts';
import {
  exampleStatus,
  fakeTerminal,
  startFakeHelper,
  type FakeHelper,
  type FakeTerminal,
  type Script,
} from '#test/core/cli/fake-helper.ts';

const route: RouteView = {
  ...{ destination: '10.0.0.0/8', kind: 'unicast', interface: 'ipsec0', gateway: '172.16.200.1', source: null },
  ...{ metric: 0, origin: 'culvert' },
};

type Outcome = { readonly status: number; readonly terminal: FakeTerminal; readonly calls: FakeHelper['calls'] };

async function run(context: TestContext, line: string, script: Script = {}): Promise<Outcome> {
  const done: Script = {
    'status.get': () => exampleStatus,
    'route.add': () => ({ route }),
    'route.change': () => ({ route }),
    'route.delete': () => ({ route }),
    'route.get': () => ({ route }),
    'route.list': () => ({ routes: [route] }),
    'route.flush': () => ({ routes: [route] }),
  };
  const { path, calls } = await startFakeHelper(context, { ...done, ...script });
  const terminal = fakeTerminal();
  const words = line.split(' ').filter((word) => word !== '');
  const status = await runRoute(words, { terminal, connect: () => connectHelper(path) });
  return { status, terminal, calls };
}

test('add, change and delete become calls, and print route’s line', async (context) => {
  const request = {
    ...{ destination: '10.0.0.0/8', kind: 'unicast', gateway: '172.16.200.1', interface: null, source: null },
    isFailClosed: true,
  };
  for (const [line, output, call] of [
    ['add 10/8 172.16.200.1 -failclosed', 'add net 10/8: gateway 172.16.200.1\n', ['route.add', request]],
    ['change 10/8 172.16.200.1 -failclosed', 'change net 10/8: gateway 172.16.200.1\n', ['route.change', request]],
    [
      'delete 10.0.0.1',
      'delete host 10.0.0.1\n',
      ['route.delete', { destination: '10.0.0.1/32', gateway: null, interface: null, kind: null }],
    ],
    [
      '-q delete 10/8 -reject',
      '',
      ['route.delete', { destination: '10.0.0.0/8', gateway: null, interface: null, kind: 'reject' }],
    ],
  ] as const) {
    const { status, terminal, calls } = await run(context, line);
    assert.deepEqual([status, terminal.output, terminal.errors, calls], [0, output, '', [call]], line);
  }
});

test('a refusal is told in route’s words, with what happened and what helps, and the status is 1', async (context) => {
  for (const [code, text] of [
    ['ROUTE_NOT_FOUND', 'not in table'],
    ['ROUTE_EXISTS', 'File exists'],
    ['ROUTE_FOREIGN', 'Operation not permitted'],
  ] as const) {
    const refuse = (): never => {
      throw new IpsecError(code, 'because');
    };
    const { status, terminal } = await run(context, 'delete 10/8', { 'route.delete': refuse });
    assert.deepEqual([status, terminal.output], [1, `delete net 10/8: ${text}\n`]);
    assert.match(terminal.errors, /^route: because\n {2}\S.*\n$/);
  }
});

test('get explains, and an address without a route is status 1', async (context) => {
  const found = await run(context, 'get 10.1.2.3');
  assert.equal(found.status, 0);
  assert.match(found.terminal.output, /\n {5}tunnel: ipsec0, from 192\.0\.2\.1 to 198\.51\.100\.1\n$/);
  assert.deepEqual(found.calls[0], ['route.get', { destination: '10.1.2.3' }]);
  const none = await run(context, 'get 10.1.2.3', { 'route.get': () => ({ route: null }) });
  assert.equal(none.status, 1);
  assert.match(none.terminal.errors, /^route: writing to routing socket: not in table\n/);
});

test('show and flush print what there is, and what went', async (context) => {
  assert.match((await run(context, 'show')).terminal.output, /\n10\/8 {15}172\.16\.200\.1 .* ipsec0\n/);
  assert.equal((await run(context, 'flush')).terminal.output, '10/8                 172.16.200.1         done\n');
});

test('wrong words ask the helper nothing', async (context) => {
  const { status, terminal, calls } = await run(context, 'frobnicate');
  assert.deepEqual([status, calls], [1, []]);
  assert.match(terminal.errors, /^route: unknown word "frobnicate"\n {2}culvert route --help shows the forms\.\n$/);
});
