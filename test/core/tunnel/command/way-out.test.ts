/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIpAddress } from '#core/ip/address.ts';
import { parsePrefix } from '#core/ip/prefix.ts';
import { isWayOut, keepWayOut, planWayOut } from '#core/tunnel/command/way-out.ts';
import type { HostRoute } from '#core/tunnel/port/route-port.ts';
import { Transaction } from '#core/tunnel/transaction.ts';
import { silentLog } from '#core/base/port.ts';
import { FakeHost } from '#test/support/fake-machine.ts';

function route(destination: string, changes: Partial<HostRoute> = {}): HostRoute {
  return {
    ...{ destination: parsePrefix(destination), kind: 'unicast', interface: 'wan0', source: null, metric: 100 },
    ...{ gateway: parseIpAddress('192.0.2.254'), origin: 'other', ...changes },
  };
}

const peer = parseIpAddress('203.0.113.2');
const request = { peer, destinations: [parsePrefix('0.0.0.0/1'), parsePrefix('128.0.0.0/1')] };

test('the way out is the host route to the peer by the best way that is no tunnel’s', () => {
  const routes = [
    route('0.0.0.0/0', { metric: 200, interface: 'wlan0' }),
    route('0.0.0.0/0'),
    route('128.0.0.0/1', { interface: 'ipsec0', gateway: null, metric: 0, origin: 'culvert' }),
    route('203.0.113.2/32', { interface: 'wlan0', metric: 0, origin: 'culvert' }),
  ];
  const wanted = planWayOut(request, routes);
  assert.deepEqual(wanted, route('203.0.113.2/32', { metric: 0, origin: 'culvert' }));
  assert.ok(wanted !== null && isWayOut(wanted));
  assert.deepEqual(
    routes.map((each) => isWayOut(each)),
    [false, false, false, true],
  );
});

test('none is made where the machine has a more specific way, or none, or no route covers the peer', async () => {
  assert.equal(planWayOut(request, [route('0.0.0.0/0'), route('203.0.113.0/24')]), null);
  assert.equal(planWayOut(request, []), null);
  const host = new FakeHost();
  host.routes = [route('0.0.0.0/0')];
  const elsewhere = { peer, destinations: [parsePrefix('10.0.0.0/8')] };
  assert.equal(await keepWayOut(elsewhere, null, { host, transaction: new Transaction() }), null);
  assert.equal(host.routes.length, 1);
});

test('it follows the machine’s way, is left alone while it is right, goes when it is not wanted, and is undone', async () => {
  const host = new FakeHost();
  host.routes = [route('0.0.0.0/0')];
  const first = await keepWayOut(request, null, { host, transaction: new Transaction() });
  const calls = host.calls.length;
  assert.deepEqual(await keepWayOut(request, first, { host, transaction: new Transaction() }), first);
  assert.equal(host.calls.length, calls);

  host.routes = [...host.routes.slice(1), route('0.0.0.0/0', { gateway: parseIpAddress('192.0.2.1') })];
  const before = host.routes;
  const transaction = new Transaction();
  const second = await keepWayOut(request, first, { host, transaction });
  assert.equal(second?.gateway, '192.0.2.1');
  await transaction.rollback(silentLog);
  assert.deepEqual(new Set(host.routes), new Set(before));

  const third = await keepWayOut(request, first, { host, transaction: new Transaction() });
  assert.equal(await keepWayOut({ peer, destinations: [] }, third, { host, transaction: new Transaction() }), null);
  assert.deepEqual(
    host.routes.map(({ destination }) => destination),
    ['0.0.0.0/0'],
  );
});
