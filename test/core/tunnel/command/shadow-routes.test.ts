/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePrefix } from '#core/ip/prefix.ts';
import { ShadowRoutes } from '#core/tunnel/command/shadow-routes.ts';
import type { HostRoute } from '#core/tunnel/port/route-port.ts';

const route = (destination: string, metric = 0): HostRoute => ({
  ...{ destination: parsePrefix(destination), kind: 'unicast', interface: 'ipsec0', gateway: null },
  ...{ source: null, metric, origin: 'culvert' },
});

test('what is tried is seen, refused as the machine would, and never reaches it', async () => {
  const present = [route('10.1.0.0/16'), route('10.2.0.0/16')];
  const shadow = new ShadowRoutes({ listRoutes: async () => present, findRoute: async () => null });
  await assert.rejects(shadow.addRoute(route('10.1.0.0/16'), false), { code: 'ROUTE_EXISTS' });
  await shadow.addRoute(route('10.1.0.0/16', 7), false);
  await shadow.addRoute(route('10.1.0.0/16'), true);
  await shadow.removeRoute(route('10.2.0.0/16'));
  await assert.rejects(shadow.removeRoute(route('10.2.0.0/16')), { code: 'ROUTE_NOT_FOUND' });
  await shadow.addRoutes([route('10.3.0.0/16'), route('10.4.0.0/16')]);
  await assert.rejects(shadow.addRoutes([route('10.5.0.0/16'), route('10.4.0.0/16')]), { code: 'ROUTE_EXISTS' });
  await shadow.removeRoutes([route('10.9.0.0/16'), route('10.4.0.0/16')]);
  const told = (await shadow.listRoutes()).map(({ destination, metric }) => `${destination} ${metric}`);
  assert.deepEqual(told.toSorted(), ['10.1.0.0/16 0', '10.1.0.0/16 7', '10.3.0.0/16 0']);
  assert.equal(present.length, 2);
});
