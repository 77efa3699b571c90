/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIpAddress } from '#core/ip/address.ts';
import { parsePrefix } from '#core/ip/prefix.ts';
import { Ipsecif } from '#core/ipsecif/ipsecif.ts';
import type { Interface } from '#core/ipsecif/interface.ts';
import { Spd } from '#core/spd/spd.ts';
import {
  checkRouteLoop,
  chooseRoute,
  findNowhere,
  nowhere,
  resolveRoute,
  type RouteRequest,
} from '#core/tunnel/command/route-plan.ts';
import { nowhereMetric, type HostRoute } from '#core/tunnel/port/route-port.ts';

function interfaces(): Interface[] {
  const ipsecif = new Ipsecif(new Spd());
  ipsecif.create('ipsec0');
  const outer = { local: parseIpAddress('192.0.2.1'), peer: parseIpAddress('198.51.100.1') };
  ipsecif.setTunnel('ipsec0', { ...outer, localPort: 0, peerPort: 0 });
  const inner = { address: parseIpAddress('172.16.1.1'), prefixLength: 32, peer: parseIpAddress('172.16.2.1') };
  ipsecif.addAddress('ipsec0', inner);
  ipsecif.create('ipsec1');
  ipsecif.addAddress('ipsec1', { address: parseIpAddress('10.5.0.1'), prefixLength: 24, peer: null });
  return [...ipsecif.list()];
}

const request = (destination: string, gateway: string | null, name: string | null = null): RouteRequest => ({
  ...{ destination: parsePrefix(destination), kind: 'unicast', source: null, isFailClosed: false },
  gateway: gateway === null ? null : parseIpAddress(gateway),
  interface: name,
});

const route = (destination: string, changes: Partial<HostRoute> = {}): HostRoute => ({
  ...{ destination: parsePrefix(destination), kind: 'unicast', interface: 'ipsec0', gateway: null, source: null },
  ...{ metric: 0, origin: 'culvert' },
  ...changes,
});

const names = new Set(['ipsec0', 'ipsec1']);

test('an own inner address means its interface, the peer and a neighbour are next hops, and host bits go', () => {
  const shown = (wanted: RouteRequest): unknown[] => {
    const { destination, interface: name, gateway, source } = resolveRoute(wanted, interfaces());
    return [destination, name, gateway, source];
  };
  assert.deepEqual(shown(request('10.1.2.3/8', '172.16.1.1')), ['10.0.0.0/8', 'ipsec0', null, '172.16.1.1']);
  assert.deepEqual(shown(request('10.0.0.0/8', '172.16.2.1')), ['10.0.0.0/8', 'ipsec0', '172.16.2.1', null]);
  assert.deepEqual(shown(request('10.9.0.0/16', '10.5.0.77')), ['10.9.0.0/16', 'ipsec1', '10.5.0.77', null]);
  assert.deepEqual(shown(request('10.9.0.0/16', null, 'ipsec1')), ['10.9.0.0/16', 'ipsec1', null, null]);
});

test('what leads through no interface of ours is refused', () => {
  const cases = [
    [request('10.0.0.0/8', '192.0.2.254'), 'ROUTE_GATEWAY'],
    [request('10.0.0.0/8', null), 'ROUTE_GATEWAY'],
    [request('10.0.0.0/8', '172.16.2.1', 'ipsec1'), 'ROUTE_GATEWAY'],
    [request('10.0.0.0/8', null, 'eth0'), 'ROUTE_FOREIGN'],
    [request('10.0.0.0/8', null, 'ipsec7'), 'INTERFACE_NOT_FOUND'],
    [request('2001:db8::/32', '172.16.2.1'), 'ADDRESS_FAMILY_MIXED'],
  ] as const;
  for (const [wanted, code] of cases) assert.throws(() => resolveRoute(wanted, interfaces()), { code });
});

test('what leads nowhere has the worst metric, whatever gateway it was given', () => {
  const refused = resolveRoute({ ...request('203.0.113.7/24', '127.0.0.1'), kind: 'blackhole' }, interfaces());
  assert.deepEqual(refused, { ...nowhere(parsePrefix('203.0.113.0/24')), kind: 'blackhole' });
  assert.equal(refused.metric, nowhereMetric);
});

test('a route that holds the peer is refused, unless the machine has a more specific one to it outside', () => {
  const [record] = interfaces();
  const loop = { code: 'TUNNEL_ROUTE_LOOP' };
  const outside = (destination: string): HostRoute => route(destination, { interface: 'eth0', origin: 'other' });
  checkRouteLoop(route('10.0.0.0/8'), record, null);
  checkRouteLoop(route('0.0.0.0/0'), record, outside('198.51.100.0/24'));
  checkRouteLoop(route('198.51.0.0/16'), record, outside('198.51.100.1/32'));
  assert.throws(() => checkRouteLoop(route('0.0.0.0/0'), record, outside('0.0.0.0/0')), loop);
  assert.throws(() => checkRouteLoop(route('198.51.100.0/24'), record, outside('198.51.0.0/16')), loop);
  assert.throws(() => checkRouteLoop(route('198.51.0.0/16'), record, route('198.51.100.0/24')), loop);
  assert.throws(() => checkRouteLoop(route('198.51.0.0/16'), record, null), loop);
});

test('a choice finds what may be changed, and tells what else has the destination', () => {
  const choice = { destination: parsePrefix('10.0.0.0/8'), kind: null, gateway: null, interface: null };
  const foreign = route('10.0.0.0/8', { interface: 'eth0', origin: 'other' });
  const twin = nowhere(parsePrefix('10.0.0.0/8'));
  const own = route('10.0.0.0/8', { gateway: parseIpAddress('172.16.2.1') });
  assert.equal(chooseRoute(choice, [foreign, twin, own], names), own);
  assert.equal(chooseRoute({ ...choice, kind: 'reject' }, [own, twin], names), twin);
  assert.equal(chooseRoute({ ...choice, gateway: parseIpAddress('172.16.2.1') }, [twin, own], names), own);
  const refused = (routes: readonly HostRoute[]): void => void chooseRoute(choice, routes, names);
  assert.throws(() => refused([]), { code: 'ROUTE_NOT_FOUND' });
  assert.throws(() => refused([foreign]), { code: 'ROUTE_FOREIGN', message: /leads through eth0$/ });
  assert.throws(() => refused([route('10.0.0.0/8', { origin: 'kernel' })]), {
    code: 'ROUTE_FOREIGN',
    message: /belongs to an address of ipsec0$/,
  });
  assert.throws(() => refused([{ ...twin, origin: 'other' }]), { code: 'ROUTE_FOREIGN', message: /leads nowhere$/ });
});

test('what refuses an address is the longest prefix, where no other of that length leads somewhere', () => {
  const twin = nowhere(parsePrefix('10.0.0.0/8'));
  const at = (address: string, routes: readonly HostRoute[]): HostRoute | null =>
    findNowhere(parseIpAddress(address), routes);
  assert.equal(at('10.1.1.1', [twin, route('0.0.0.0/0')]), twin);
  assert.equal(at('10.1.1.1', [twin, route('10.0.0.0/8')]), null);
  assert.equal(at('10.1.1.1', [twin, route('10.1.0.0/16')]), null);
  assert.equal(at('11.1.1.1', [twin]), null);
});
