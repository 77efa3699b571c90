/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIpAddress } from '#core/ip/address.ts';
import { parsePrefix } from '#core/ip/prefix.ts';
import { nowhere, type RouteRequest } from '#core/tunnel/command/route-plan.ts';
import type { HostRoute } from '#core/tunnel/port/route-port.ts';
import { FakeMachine } from '#test/support/fake-machine.ts';
import { rejectedCode } from '#test/support/thrown-code.ts';

const request: RouteRequest = {
  ...{ destination: parsePrefix('10.0.0.0/8'), kind: 'unicast', gateway: parseIpAddress('172.16.2.1') },
  ...{ interface: null, source: null, isFailClosed: false },
};
const choice = { destination: request.destination, kind: null, gateway: null, interface: null };
const twin = nowhere(request.destination);
const foreign: HostRoute = {
  ...{ destination: parsePrefix('192.0.2.0/24'), kind: 'unicast', interface: 'eth0', gateway: null, source: null },
  ...{ metric: 0, origin: 'kernel' },
};

async function machine(): Promise<FakeMachine> {
  const made = new FakeMachine();
  made.host.routes = [foreign];
  await made.gateway.runIfconfig('create tunnel 10.0.0.1 10.0.0.2 inet 172.16.1.1/32 172.16.2.1', 'file', 'ipsec0');
  return made;
}

/** The way to the peer, so that 10/8 may lead into the tunnel. */
const toPeer: HostRoute = { ...foreign, destination: parsePrefix('10.0.0.2/32') };

async function routed(): Promise<FakeMachine> {
  const made = await machine();
  made.host.routes = [foreign, toPeer];
  return made;
}

test('a route is added, found, changed in one step, and deleted', async () => {
  const { gateway, host } = await routed();
  const added = await gateway.routes.add(request);
  assert.deepEqual(host.routes, [foreign, toPeer, added]);
  assert.equal(await gateway.routes.find(parseIpAddress('10.7.7.7')), added);
  assert.equal(await rejectedCode(gateway.routes.add(request)), 'ROUTE_EXISTS');
  const changed = await gateway.routes.replace({ ...request, gateway: parseIpAddress('172.16.1.1') });
  assert.deepEqual([changed.source, changed.gateway], ['172.16.1.1', null]);
  assert.deepEqual(host.calls.slice(-1), ['addRoute 10.0.0.0/8']);
  await gateway.routes.delete(choice);
  assert.deepEqual(host.routes, [foreign, toPeer]);
});

test('a route that is closed behind has a twin that refuses, and takes it along', async () => {
  const { gateway, host } = await routed();
  const added = await gateway.routes.add({ ...request, isFailClosed: true });
  assert.deepEqual(host.routes, [foreign, toPeer, added, twin]);
  host.routes = [foreign, twin];
  assert.deepEqual(await gateway.routes.find(parseIpAddress('10.7.7.7')), twin);
  // Made anew after the interface was: the twin is there already.
  host.routes = [foreign, toPeer, twin];
  await gateway.routes.add({ ...request, isFailClosed: true });
  await gateway.routes.delete(choice);
  assert.deepEqual(host.routes, [foreign, toPeer]);
});

test('when the twin cannot be made, there is no route either', async () => {
  const { gateway, host } = await routed();
  host.failAfter = 1;
  assert.equal(await rejectedCode(gateway.routes.add({ ...request, isFailClosed: true })), 'HOST_FAILED');
  assert.deepEqual(host.routes, [foreign, toPeer]);
});

test('a change to a refusal has both for a moment, and one that fails leaves the old route', async () => {
  const { gateway, host } = await routed();
  const added = await gateway.routes.add(request);
  host.failAfter = 1;
  const refusal: RouteRequest = { ...request, kind: 'reject', gateway: null };
  assert.equal(await rejectedCode(gateway.routes.replace(refusal)), 'HOST_FAILED');
  assert.deepEqual(host.routes, [foreign, toPeer, added]);
  assert.deepEqual(await gateway.routes.replace(refusal), twin);
  assert.deepEqual(host.routes, [foreign, toPeer, twin]);
});

test('a flush deletes ours and leaves those of others and of addresses', async () => {
  const { gateway, host } = await routed();
  const connected: HostRoute = { ...foreign, destination: parsePrefix('172.16.2.1/32'), interface: 'ipsec0' };
  host.routes = [foreign, toPeer, connected];
  const added = await gateway.routes.add({ ...request, isFailClosed: true });
  assert.deepEqual(await gateway.routes.flush(), [added, twin]);
  assert.deepEqual(await gateway.routes.list(), [foreign, toPeer, connected]);
});

test('a tunnel is not led into itself, and another’s route is not touched', async () => {
  const { gateway } = await machine();
  assert.equal(await rejectedCode(gateway.routes.add(request)), 'TUNNEL_ROUTE_LOOP');
  const { destination } = foreign;
  assert.equal(await rejectedCode(gateway.routes.delete({ ...choice, destination })), 'ROUTE_FOREIGN');
  assert.equal(await rejectedCode(gateway.routes.replace(request)), 'TUNNEL_ROUTE_LOOP');
});
