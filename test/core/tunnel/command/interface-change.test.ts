/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IpsecError } from '#core/base/error.ts';
import { parsePrefix } from '#core/ip/prefix.ts';
import type { InterfaceChange } from '#core/tunnel/command/interface-change.ts';
import { FakeMachine } from '#test/support/fake-machine.ts';

const nothing: InterfaceChange = { ifconfig: '', options: {}, addedRoutes: [], removedRoutes: [] };

/** Everything at once: each part would be seen if it stayed. */
const much: InterfaceChange = {
  ifconfig: 'mtu 1400\nlink1\ninet 10.99.0.9/32 10.99.0.10',
  options: { pmtu: 1 },
  addedRoutes: [parsePrefix('10.8.0.0/16'), parsePrefix('10.9.0.0/16')],
  removedRoutes: [parsePrefix('10.7.0.0/16')],
};

/** ipsec0 with a tunnel, an address and a route. */
async function prepared(): Promise<FakeMachine> {
  const machine = new FakeMachine();
  const { gateway } = machine;
  await gateway.createInterface('ipsec0');
  const run = await gateway.runIfconfig(
    'tunnel 192.0.2.1 192.0.2.2\ninet 10.99.0.1/32 10.99.0.2\nup',
    'file',
    'ipsec0',
  );
  assert.deepEqual(run.errors, []);
  const base = { ...nothing, addedRoutes: [parsePrefix('10.7.0.0/16')] };
  await gateway.changes.make('ipsec0', base);
  machine.host.calls.length = 0;
  return machine;
}

/** What a person could see of it. */
function seen({ gateway, host }: FakeMachine): unknown {
  const { interfaces, policies } = gateway.status();
  return {
    interfaces,
    policies,
    host: host.view(),
    routes: host.routes.map(({ destination }) => destination).toSorted(),
  };
}

test('lines, options and routes are one change, and its commands are told', async () => {
  const machine = await prepared();
  const { commands, problem } = await machine.gateway.changes.make('ipsec0', much);
  const [link] = machine.gateway.status().interfaces;
  assert.deepEqual([link?.mtu, link?.link1, link?.options.pmtu, link?.addresses.length], [1400, true, 1, 2]);
  assert.deepEqual(
    machine.host.routes.map(({ destination }) => destination),
    ['10.8.0.0/16', '10.9.0.0/16'],
  );
  assert.equal(problem, null);
  assert.deepEqual(commands, [
    'culvert route delete 10.7.0.0/16 -interface ipsec0',
    'culvert ifconfig ipsec0 mtu 1400',
    'culvert ifconfig ipsec0 link1',
    'culvert ifconfig ipsec0 inet 10.99.0.9/32 10.99.0.10',
    'culvert route add 10.8.0.0/16 -interface ipsec0',
    'culvert route add 10.9.0.0/16 -interface ipsec0',
  ]);
});

test('wherever the machine refuses, nothing of the change stays', async () => {
  const calls = await prepared().then(async (machine) => {
    await machine.gateway.changes.make('ipsec0', much);
    return machine.host.calls.length;
  });
  assert.ok(calls >= 5, `${calls} calls`);
  for (let failing = 0; failing < calls; failing++) {
    const machine = await prepared();
    const before = seen(machine);
    machine.host.failAfter = failing;
    await assert.rejects(machine.gateway.changes.make('ipsec0', much), IpsecError, `call ${failing}`);
    machine.host.failAfter = null;
    assert.deepEqual(seen(machine), before, `after call ${failing}`);
  }
});

test('an option out of range, a line that cannot be read and a companion that refuses undo the rest', async () => {
  const machine = await prepared();
  const before = seen(machine);
  const refused = (change: InterfaceChange, companion?: () => void): Promise<unknown> =>
    machine.gateway.changes.make('ipsec0', change, companion).then(
      () => 'made',
      (error: unknown) => (error instanceof IpsecError ? [error.code, error.details['line']] : error),
    );
  assert.deepEqual(await refused({ ...much, options: { hopLimit: 4711 } }), ['INTERFACE_OPTION', undefined]);
  assert.deepEqual(await refused({ ...much, ifconfig: 'mtu 1400\nlink9' }), ['IFCONFIG_TEXT', 2]);
  assert.deepEqual(await refused({ ...much, ifconfig: 'mtu 1400\nmtu 1' }), ['INTERFACE_MTU', 2]);
  const full = (): void => {
    throw new IpsecError('STATE_UNWRITABLE', 'the disk is full');
  };
  assert.deepEqual(await refused(much, full), ['STATE_UNWRITABLE', undefined]);
  assert.deepEqual(seen(machine), before);
});

test('workers that do not take it over undo it, what the companion did too', async () => {
  const machine = await prepared();
  const before = seen(machine);
  const notes: string[] = [];
  machine.datapath.check = () => {
    machine.datapath.check = () => {};
    throw new Error('no');
  };
  const made = machine.gateway.changes.make('ipsec0', much, (transaction) => {
    notes.push('saved');
    transaction.onRollback(() => void notes.push('taken back'));
  });
  await assert.rejects(made, /no/);
  assert.deepEqual(notes, ['saved', 'taken back']);
  assert.deepEqual(seen(machine), before);
});

test('a preview tells what the change then does, and changes nothing', async () => {
  const machine = await prepared();
  const before = seen(machine);
  const change = { ...much, ifconfig: '-link2\nmtu 1400' };
  const preview = await machine.gateway.changes.preview('ipsec0', change);
  assert.deepEqual(seen(machine), before);
  assert.deepEqual(
    machine.host.calls.filter((call) => /^(add|remove|set)/.test(call)),
    [],
  );
  const made = await machine.gateway.changes.make('ipsec0', change);
  assert.deepEqual({ ...preview, policies: [] }, { ...made, policies: [] });
  const rows = (policies: typeof made.policies): string[] =>
    policies.map(({ fate, direction, selector }) => `${fate} ${direction} ${selector}`);
  assert.deepEqual(rows(preview.policies), rows(made.policies));
  assert.ok(rows(made.policies).some((row) => row.startsWith('changes')));
});

test('a preview tells what would be refused: a route that is taken, and a companion that says no', async () => {
  const machine = await prepared();
  const before = seen(machine);
  const elsewhere = { ...nothing, addedRoutes: [parsePrefix('10.6.0.0/16')] };
  machine.host.routes = [
    ...machine.host.routes,
    { ...(machine.host.routes[0] ?? assert.fail()), destination: parsePrefix('10.6.0.0/16'), interface: 'wan0' },
  ];
  const taken = await machine.gateway.changes.preview('ipsec0', elsewhere);
  assert.equal(taken.problem?.code, 'ROUTE_EXISTS');
  assert.ok(taken.policies.every(({ fate }) => fate === 'stays'));
  machine.host.routes = machine.host.routes.filter(({ interface: name }) => name !== 'wan0');
  const refused = await machine.gateway.changes.preview('ipsec0', much, () => {
    throw new IpsecError('PROFILE_CHANGED', 'somebody has');
  });
  assert.equal(refused.problem?.code, 'PROFILE_CHANGED');
  assert.deepEqual(seen(machine), before);
});

test('a route that is there is not added again, and one that is gone is not missed', async () => {
  const machine = await prepared();
  const { addedRoutes, removedRoutes } = much;
  const change = { ...nothing, addedRoutes: removedRoutes, removedRoutes: addedRoutes };
  await machine.gateway.changes.make('ipsec0', change);
  assert.deepEqual(
    machine.host.calls.filter((call) => call.includes('Route ')),
    [],
  );
});
