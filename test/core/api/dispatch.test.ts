import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contract, contractVersion, type Method } from '#core/api/contract.ts';
import { dispatch, type ApiTarget, type Caller, type StatusWatch } from '#core/api/dispatch.ts';
import { isDesktopMethod } from '#core/api/desktop-handlers.ts';
import type { Watched } from '#core/api/watch/watch-contract.ts';
import { isProfileMethod } from '#core/api/profile-handlers.ts';
import { FakeMachine } from '#test/support/fake-machine.ts';

const root: Caller = { uid: 0, pid: 77, canOperate: true, subscribe: () => {} };
const guest: Caller = { uid: 1000, pid: 78, canOperate: false };

async function ask(machine: FakeMachine, method: string, params: unknown, caller = root): Promise<unknown> {
  const answer = await dispatch(machine.gateway, method, params, caller);
  return answer.ok ? answer.value : `${answer.error.code} ${String(answer.error.details['field'] ?? '')}`.trim();
}

const tunnel = { name: 'ipsec0', local: '10.0.0.1', peer: '10.0.0.2', localPort: 0, peerPort: 0 };
const route = {
  ...{ destination: '192.168.0.0/16', kind: 'unicast', interface: null, source: null, isFailClosed: true },
};
const key = '-E aes-cbc "0123456789abcdef" -A hmac-sha256 "0123456789abcdef0123456789abcdef"';

const files = [
  { name: 'ifconfig.ipsec0', text: 'create\ntunnel 10.0.0.1 10.0.0.2\ninet 172.16.1.1/32 172.16.2.1\n' },
  { name: 'sa.conf', text: `add 10.0.0.1 10.0.0.2 esp 256 -u 1 ${key}; spdadd 1.1.1.1 2.2.2.2 any -P in none;` },
];

/** A watch that only begins. */
function watchOver({ gateway }: FakeMachine): StatusWatch {
  const status = (): Watched => ({ contractVersion, ...gateway.status(), profiles: [], setAside: [] });
  return { start: () => ({ number: 1, status: status() }), stop: () => {}, flush: () => Promise.resolve() };
}

test('carries out every method, and every result fits the contract', async () => {
  const machine = new FakeMachine();
  const caller: Caller = { ...root, watch: watchOver(machine) };
  const calls: [Method, unknown][] = [
    ['session.get', {}],
    ['interface.create', { name: 'ipsec0' }],
    ['interface.setTunnel', tunnel],
    ['interface.addAddress', { name: 'ipsec0', address: '172.16.1.1', prefixLength: 32, peer: '172.16.2.1' }],
    ['interface.setMtu', { name: 'ipsec0', mtu: 1400 }],
    ['interface.setFlags', { name: 'ipsec0', link1: true }],
    ['interface.setOptions', { name: 'ipsec0', hopLimit: 9, pmtu: 1, dontFragment: 'copy' }],
    ['settings.set', { hopLimit: 9, usesFixedReqid: true }],
    ['association.getSpi', { source: '10.0.0.2', destination: '10.0.0.1' }],
    ['events.subscribe', {}],
    ['status.watch', {}],
    ['status.flush', {}],
    ['status.unwatch', {}],
    ['setkey.run', { text: `add 10.0.0.1 10.0.0.2 esp 256 -u 16386 ${key}; dump;`, semantics: 'file' }],
    ['setkey.run', { text: 'add 10.0.0.1; delete 10.0.0.1 10.0.0.2 esp 999;', semantics: 'statements' }],
    ['ifconfig.run', { name: 'ipsec0', text: 'link2\n', semantics: 'file' }],
    ['ifconfig.run', { name: null, text: 'dwon', semantics: 'check' }],
    ['route.add', { ...route, gateway: '172.16.2.1' }],
    ['route.change', { ...route, gateway: '172.16.1.1' }],
    ['route.get', { destination: '192.168.9.1' }],
    ['route.get', { destination: '192.0.2.1' }],
    ['route.list', {}],
    ['route.delete', { destination: '192.168.0.0/16', gateway: null, interface: null, kind: null }],
    ['route.flush', {}],
    ['setkey.dump', { what: 'associations', withKeys: false }],
    ['setkey.dump', { what: 'policies', withKeys: false }],
    ['status.get', {}],
    ['interface.removeAddress', { name: 'ipsec0', address: '172.16.1.1' }],
    ['interface.deleteTunnel', { name: 'ipsec0' }],
    [
      'policy.add',
      {
        ...{ direction: 'out', source: '10.0.0.1-10.0.0.9', destination: '10.1.0.0/16', upperProtocol: 17 },
        ...{ sourcePort: 'opaque', destinationPort: { first: 1, last: 9 }, action: 'discard', request: null },
      },
    ],
    ['status.get', {}],
    [
      'policy.delete',
      {
        ...{ direction: 'out', source: '10.0.0.1-10.0.0.9', destination: '10.1.0.0/16', upperProtocol: 17 },
        ...{ sourcePort: 'opaque', destinationPort: { first: 1, last: 9 } },
      },
    ],
    ['association.flush', {}],
    ['policy.dump', { isVerbose: true }],
    ['policy.flush', {}],
    ['interface.destroy', { name: 'ipsec0' }],
    ['configuration.plan', { files }],
    ['configuration.apply', { files, confirmSeconds: 60 }],
    ['configuration.pending', {}],
    ['configuration.confirm', {}],
    ['configuration.apply', { files: [{ name: 'sa', text: 'nonsense' }] }],
    ['configuration.apply', { files: [{ name: 'sa', text: 'flush;' }], confirmSeconds: 60 }],
    ['configuration.revert', {}],
    ['configuration.pending', {}],
  ];
  for (const [method, params] of calls) {
    const answer = await dispatch(machine.gateway, method, params, caller);
    assert.ok(answer.ok, `${method}: ${JSON.stringify(answer)}`);
    const parsed = contract[method].result.safeParse(answer.value);
    assert.ok(parsed.success, `${method}: ${parsed.error?.message}`);
    assert.deepEqual(answer.value, parsed.data, `${method} gives nothing that the contract does not name`);
  }
  // The others: profile-handlers.test.ts, desktop-handlers.test.ts.
  const methods = Object.keys(contract).filter((method) => !isProfileMethod(method) && !isDesktopMethod(method));
  assert.deepEqual(new Set(calls.map(([method]) => method)), new Set(methods));
});

test('anyone may read the state, and only the operator may call what changes it or shows keys', async () => {
  const machine = new FakeMachine();
  for (const [method, { access }] of Object.entries(contract)) {
    const answer = await dispatch(machine.gateway, method, { name: 'x' }, guest);
    const code = answer.ok ? null : answer.error.code;
    if (access === 'operate') assert.equal(code, 'API_DENIED', method);
    else assert.notEqual(code, 'API_DENIED', method);
  }
  assert.deepEqual(machine.host.calls, []);
});

test('names the field at fault, and lets nothing through to the machine', async () => {
  const machine = new FakeMachine();
  await ask(machine, 'interface.create', { name: 'ipsec0' });
  const { length } = machine.host.calls;
  const cases: [string, unknown, string][] = [
    ['nonsense', {}, 'API_UNKNOWN_METHOD method'],
    ['toString', {}, 'API_UNKNOWN_METHOD method'],
    ['__proto__', {}, 'API_UNKNOWN_METHOD method'],
    ['interface.create', {}, 'API_BAD_PARAMS name'],
    ['interface.create', null, 'API_BAD_PARAMS name'],
    ['interface.create', 'ipsec1', 'API_BAD_PARAMS params'],
    ['interface.create', { name: 5 }, 'API_BAD_PARAMS name'],
    ['interface.create', { name: 'x'.repeat(16) }, 'API_BAD_PARAMS name'],
    ['interface.create', { name: '../etc' }, 'INTERFACE_NAME name'],
    ['interface.setTunnel', { ...tunnel, peerPort: 65536 }, 'API_BAD_PARAMS peerPort'],
    ['interface.setTunnel', { ...tunnel, local: '10.0.0.256' }, 'ADDRESS_SYNTAX local'],
    ['interface.setTunnel', { ...tunnel, peer: 'fc00::1' }, 'ADDRESS_FAMILY_MIXED peer'],
    ['interface.setTunnel', { ...tunnel, name: 'ipsec5' }, 'INTERFACE_NOT_FOUND name'],
    [
      'interface.addAddress',
      { name: 'ipsec0', address: '10.0.0.1', prefixLength: 1.5, peer: null },
      'API_BAD_PARAMS prefixLength',
    ],
    [
      'interface.addAddress',
      { name: 'ipsec0', address: '10.0.0.1', prefixLength: 33, peer: null },
      'PREFIX_SYNTAX prefixLength',
    ],
    [
      'interface.addAddress',
      { name: 'ipsec0', address: '10.0.0.1', prefixLength: 32, peer: 'x' },
      'ADDRESS_SYNTAX peer',
    ],
    ['interface.removeAddress', { name: 'ipsec0', address: '10.9.9.9' }, 'ADDRESS_NOT_FOUND address'],
    ['interface.setMtu', { name: 'ipsec0', mtu: 100 }, 'INTERFACE_MTU mtu'],
    ['interface.setFlags', { name: 'ipsec0', link0: 'yes' }, 'API_BAD_PARAMS link0'],
    ['setkey.run', { text: '', semantics: 'maybe' }, 'API_BAD_PARAMS semantics'],
    ['interface.setFlags', { name: 'ipsec0', unnumbered: 1 }, 'API_BAD_PARAMS unnumbered'],
    ['interface.setOptions', { name: 'ipsec0', hopLimit: 256 }, 'INTERFACE_OPTION hopLimit'],
    ['interface.setOptions', { name: 'ipsec0', pmtu: 2 }, 'API_BAD_PARAMS pmtu'],
    ['settings.set', { reqidBase: 8191 }, 'INTERFACE_OPTION reqidBase'],
    ['settings.set', { reqidBase: 16384 }, 'INTERFACE_OPTION reqidBase'],
    ['association.getSpi', { source: '10.0.0.1', destination: 'x' }, 'ADDRESS_SYNTAX destination'],
    ['association.getSpi', { source: '10.0.0.1', destination: '10.0.0.2', min: 255 }, 'SPI_RESERVED spi'],
    ['association.getSpi', { source: '10.0.0.1', destination: 'fc00::1' }, 'ADDRESS_FAMILY_MIXED destination'],
  ];
  for (const [method, params, expected] of cases) {
    assert.equal(await ask(machine, method, params), expected, `${method} ${JSON.stringify(params)}`);
  }
  assert.equal(machine.host.calls.length, length);
});

test('an error carries errno and hint; a bug shows nothing of itself but reaches the log', async () => {
  const machine = new FakeMachine();
  const answer = await dispatch(machine.gateway, 'interface.destroy', { name: 'ipsec0' }, root);
  assert.ok(!answer.ok);
  assert.equal(answer.error.details['errno'], 'ENXIO');
  assert.match(answer.error.hint, /create/);
  const reported: unknown[] = [];
  const bug = new TypeError('secret detail');
  const broken: ApiTarget = Object.assign(Object.create(machine.gateway), {
    status: () => {
      throw bug;
    },
    reportInternalError: (error: unknown) => void reported.push(error),
  });
  const failure = await dispatch(broken, 'status.get', {}, root);
  assert.ok(!failure.ok);
  assert.equal(failure.error.code, 'INTERNAL');
  assert.ok(!JSON.stringify(failure).includes('secret'));
  assert.deepEqual(reported, [bug]);
});

test('the status says which contract it follows, and a dump names who asks for it', async () => {
  const machine = new FakeMachine();
  await ask(machine, 'setkey.run', { text: `add 10.0.0.1 10.0.0.2 esp 256 ${key};`, semantics: 'file' });
  const status = await ask(machine, 'status.get', undefined, guest);
  assert.partialDeepStrictEqual(status, { contractVersion, pid: 42, datapath: 'memory', associations: [{ spi: 256 }] });
  assert.ok(!JSON.stringify(status).includes('0123456789abcdef'));
  const other = { ...root, pid: 99 };
  for (const caller of [root, other]) {
    const asked = [
      await ask(machine, 'setkey.dump', { what: 'associations', withKeys: false }, caller),
      await ask(machine, 'setkey.run', { text: 'dump;', semantics: 'file' }, caller),
    ];
    for (const dump of asked) assert.match(JSON.stringify(dump), new RegExp(` pid=${caller.pid} `));
  }
});

test('options and flags that are not given do not change, and the status shows all of them', async () => {
  const machine = new FakeMachine();
  await ask(machine, 'interface.create', { name: 'ipsec0' });
  await ask(machine, 'interface.setOptions', { name: 'ipsec0', hopLimit: 7 });
  await ask(machine, 'interface.setOptions', { name: 'ipsec0', followsPeer: true, dontFragment: 'set' });
  await ask(machine, 'interface.setFlags', { name: 'ipsec0', unnumbered: true });
  await ask(machine, 'settings.set', { reqidBase: 9000 });
  await ask(machine, 'settings.set', { usesFixedReqid: true });
  const options = { pmtu: -1, hopLimit: 7, dontFragment: 'set', followsPeer: true, keepalives: true };
  assert.partialDeepStrictEqual(await ask(machine, 'status.get', {}), {
    settings: { usesFixedReqid: true, reqidBase: 9000, hopLimit: 64 },
    interfaces: [{ unnumbered: true, link2: true, options }],
  });
  await ask(machine, 'interface.setTunnel', tunnel);
  const { policies } = machine.gateway.status();
  assert.deepEqual(
    policies.map(({ requests }) => requests[0]?.reqid),
    [9000, 9001, 9000, 9001],
  );
});

test('an SPI that was asked for is shown as larval, and matures by setkey for the process that asked', async () => {
  const machine = new FakeMachine();
  const names = { source: '10.0.0.2', destination: '10.0.0.1' };
  const { spi } = (await ask(machine, 'association.getSpi', names)) as { spi: number };
  assert.ok(spi >= 0x100 && spi <= 0x0fffffff);
  assert.partialDeepStrictEqual(await ask(machine, 'status.get', {}), { larvals: [{ ...names, spi, pid: 77 }] });
  assert.match(await machine.gateway.dumpSetkey('associations', false), /state=larval/);
  const text = `update 10.0.0.2 10.0.0.1 esp ${spi} ${key};`;
  const other = { ...root, pid: 99 };
  assert.partialDeepStrictEqual(await ask(machine, 'setkey.run', { text, semantics: 'file' }, other), {
    errors: [{ errno: 'EINVAL' }],
  });
  assert.partialDeepStrictEqual(await ask(machine, 'setkey.run', { text, semantics: 'file' }), { applied: 1 });
  assert.partialDeepStrictEqual(await ask(machine, 'status.get', {}), { larvals: [], associations: [{ spi }] });
});

test('a status is watched only where there is somewhere to send it, by anyone, and no faster than once a second', async () => {
  const machine = new FakeMachine();
  assert.equal(await ask(machine, 'status.watch', {}, guest), 'API_UNKNOWN_METHOD method');
  assert.equal(await ask(machine, 'status.flush', {}, guest), 'API_UNKNOWN_METHOD method');
  const watching = { ...guest, watch: watchOver(machine) };
  assert.partialDeepStrictEqual(await ask(machine, 'status.watch', {}, watching), { number: 1, canOperate: false });
  for (const everyMs of [0, 999, 60_001, 1000.5]) {
    assert.equal(await ask(machine, 'status.watch', { everyMs }, watching), 'API_BAD_PARAMS everyMs');
  }
});

test('events are sent only where there is somewhere to send them', async () => {
  const machine = new FakeMachine();
  assert.equal(await ask(machine, 'events.subscribe', {}, guest), 'API_UNKNOWN_METHOD');
  let count = 0;
  assert.deepEqual(await ask(machine, 'events.subscribe', {}, { ...guest, subscribe: () => void count++ }), {});
  assert.equal(count, 1);
});
