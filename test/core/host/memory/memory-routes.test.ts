/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VirtualClock } from '#core/host/memory/clock.ts';
import { Host } from '#core/host/memory/host.ts';
import {
  addMemoryRoute,
  findMemoryRoute,
  listMemoryRoutes,
  removeMemoryRoute,
} from '#core/host/memory/memory-routes.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { parsePrefix } from '#core/ip/prefix.ts';
import { nowhere } from '#core/tunnel/command/route-plan.ts';
import type { HostRoute } from '#core/tunnel/port/route-port.ts';

const destination = parsePrefix('10.0.0.0/8');
const route: HostRoute = {
  ...{ destination, kind: 'unicast', interface: 'ipsec0', gateway: null, source: parseIpAddress('172.16.1.1') },
  ...{ metric: 0, origin: 'culvert' },
};
const twin = nowhere(destination);
const target = parseIpAddress('10.1.2.3');

function hostWithTunnel(): Host {
  const host = new Host('a', new VirtualClock());
  host.addInterface({ name: 'ipsec0', mtu: 1280, isUp: true, addresses: [], send: () => undefined });
  const inner = { address: parseIpAddress('172.16.1.1'), prefixLength: 32, peer: parseIpAddress('172.16.2.1') };
  host.addAddress('ipsec0', inner);
  return host;
}

test('routes are listed as they were added, beside those of addresses', () => {
  const host = hostWithTunnel();
  addMemoryRoute(host, twin, false);
  addMemoryRoute(host, route, false);
  assert.throws(() => addMemoryRoute(host, route, false), { code: 'ROUTE_EXISTS' });
  const [connected, ...added] = listMemoryRoutes(host);
  assert.deepEqual([connected?.destination, connected?.origin], ['172.16.2.1/32', 'kernel']);
  assert.deepEqual(added, [route, twin]);
  assert.equal(host.sourceFor(target), '172.16.1.1');
});

test('what has lost its way is refused by the twin, and sent nowhere else', () => {
  const host = hostWithTunnel();
  addMemoryRoute(host, { ...route, destination: parsePrefix('0.0.0.0/0'), source: null }, false);
  addMemoryRoute(host, twin, false);
  addMemoryRoute(host, route, false);
  assert.deepEqual(findMemoryRoute(host, target), route);
  removeMemoryRoute(host, route);
  assert.equal(findMemoryRoute(host, target), null);
  assert.equal(host.pathMtu(target), 0);
  assert.equal(host.pathMtu(parseIpAddress('192.0.2.1')), 1280);
  removeMemoryRoute(host, twin);
  assert.equal(host.pathMtu(target), 1280);
  assert.throws(() => removeMemoryRoute(host, twin), { code: 'ROUTE_NOT_FOUND' });
});

test('a replacement takes the place of the one with the same metric alone', () => {
  const host = hostWithTunnel();
  addMemoryRoute(host, route, false);
  addMemoryRoute(host, twin, false);
  const other = { ...route, source: null };
  addMemoryRoute(host, other, true);
  assert.deepEqual(listMemoryRoutes(host).slice(1), [other, twin]);
});
