/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePrefix } from '#core/ip/prefix.ts';
import { isRefusal } from '#core/tunnel/command/refused-networks.ts';
import { nowhereMetric } from '#core/tunnel/port/route-port.ts';
import { FakeMachine } from '#test/support/fake-machine.ts';
import { rejectedCode } from '#test/support/thrown-code.ts';

const [first, second, third] = [parsePrefix('10.1.0.0/16'), parsePrefix('10.2.0.0/16'), parsePrefix('fd03::/64')];

function seen({ host }: FakeMachine): unknown {
  return host.routes.map(({ destination, kind, metric, origin }) => [destination, kind, metric, origin]);
}

test('each network is refused behind the metric that a route into a tunnel has in its family', async () => {
  const machine = new FakeMachine();
  await machine.gateway.refused.set('a', [first, third]);
  assert.deepEqual(seen(machine), [
    [first, 'reject', 1, 'culvert'],
    [third, 'reject', 1025, 'culvert'],
  ]);
  assert.ok(machine.host.routes.every(isRefusal));
  const closedByHand = machine.host.routes.map((route) => ({ ...route, metric: nowhereMetric }));
  assert.ok(!closedByHand.some(isRefusal));
});

test('of many holders at once, all in one call of the machine, or nothing', async () => {
  const machine = new FakeMachine();
  const { refused } = machine.gateway;
  await refused.set('a', [first]);
  let runs = 0;
  const addRoutes = machine.host.addRoutes.bind(machine.host);
  machine.host.addRoutes = (routes) => (runs++, addRoutes(routes));
  const networks = new Map([
    ['a', [second]],
    ['b', [first, third]],
    ['c', []],
  ]);
  await refused.addAll(networks);
  assert.equal(runs, 1);
  assert.deepEqual(
    [refused.of('a'), refused.of('b')],
    [
      [first, second],
      [first, third],
    ],
  );
  assert.equal(machine.host.routes.length, 3);
  await refused.set('a', []);
  assert.deepEqual(new Set(machine.host.routes.map(({ destination }) => destination)), new Set([first, third]));

  const before = seen(machine);
  machine.host.failAfter = 0;
  assert.equal(await rejectedCode(refused.addAll(new Map([['d', [second]]]))), 'HOST_FAILED');
  assert.deepEqual([refused.of('d'), seen(machine)], [[], before]);
});

test('what another holds, too, stays until both have let go of it', async () => {
  const machine = new FakeMachine();
  const { refused } = machine.gateway;
  await refused.set('a', [first, second]);
  await refused.set('b', [second]);
  await refused.set('a', []);
  assert.deepEqual([refused.of('a'), refused.of('b')], [[], [second]]);
  assert.deepEqual(seen(machine), [[second, 'reject', 1, 'culvert']]);
  await refused.set('b', []);
  assert.deepEqual(seen(machine), []);
});

test('what an earlier culvertd has left is adopted by all whose it may be, and goes with the first that lets go', async () => {
  const machine = new FakeMachine();
  await machine.gateway.refused.set('gone', [first, second]);
  const later = new FakeMachine();
  later.host.routes = machine.host.routes;
  const { refused } = later.gateway;
  const candidates = new Map([
    ['a', [first]],
    ['b', [first, third]],
    ['c', [second]],
  ]);
  await refused.adopt(candidates);
  assert.deepEqual([refused.of('a'), refused.of('b'), refused.of('c')], [[first], [first], [second]]);
  await refused.set('a', []);
  assert.deepEqual([refused.of('b'), seen(later)], [[], [[second, 'reject', 1, 'culvert']]]);
  await refused.set('c', [second]);
  await refused.adopt(new Map([['a', [second]]]));
  await refused.set('a', []);
  assert.deepEqual(seen(later), [[second, 'reject', 1, 'culvert']], 'the one that is sure of it keeps it');
});

test('all or nothing: a network that cannot be refused leaves everything as it was', async () => {
  const machine = new FakeMachine();
  const { refused } = machine.gateway;
  await refused.set('a', [first]);
  const foreign = machine.host.routes.map((route) => ({
    ...route,
    destination: third,
    metric: 1025,
    origin: 'other' as const,
  }));
  machine.host.routes = [...machine.host.routes, ...foreign];
  const before = seen(machine);
  assert.equal(await rejectedCode(refused.set('a', [second, third])), 'ROUTE_EXISTS');
  assert.deepEqual([seen(machine), refused.of('a')], [before, [first]]);
});

test('what somebody else has removed is refused again, whoever holds it; what is whole is left alone', async () => {
  const machine = new FakeMachine();
  const { refused } = machine.gateway;
  await refused.set('a', [first]);
  await refused.set('b', [first, third]);
  const calls = (): number => machine.host.calls.length;
  const before = calls();
  assert.deepEqual((await refused.restore()).restored, []);
  assert.equal(calls(), before);
  machine.host.routes = [];
  const { present, restored } = await refused.restore();
  assert.deepEqual([present, restored], [[], [first, third]]);
  assert.deepEqual(seen(machine), [
    [first, 'reject', 1, 'culvert'],
    [third, 'reject', 1025, 'culvert'],
  ]);
});

test('what is let go of at the same moment does not come back', async () => {
  const machine = new FakeMachine();
  const { refused } = machine.gateway;
  await refused.set('a', [first]);
  await Promise.all([refused.set('a', []), refused.restore(), refused.set('b', [second]), refused.restore()]);
  assert.deepEqual(seen(machine), [[second, 'reject', 1, 'culvert']]);
});

test('a gateway that has stopped refuses nothing again', async () => {
  const machine = new FakeMachine();
  const { refused } = machine.gateway;
  await refused.set('a', [first]);
  await machine.gateway.stop();
  machine.host.routes = [];
  assert.equal(await rejectedCode(refused.restore()), 'HELPER_UNREACHABLE');
  assert.deepEqual(seen(machine), []);
});
