/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIpAddress } from '#core/ip/address.ts';
import { parsePrefix } from '#core/ip/prefix.ts';
import { buildDesktop } from '#test/support/desktop.ts';
import { establishTunnel } from '#test/support/establish-tunnel.ts';

test('an address is reached by a device, with its MTU and the source that the machine would use', async () => {
  const { desktop } = buildDesktop();
  assert.deepEqual(await desktop.outlook('203.0.113.2'), {
    ...{
      resolved: ['203.0.113.2'],
      peer: '203.0.113.2',
      source: '203.0.113.1',
      device: 'wm0',
      gateway: null,
      mtu: 1500,
    },
    ...{ isThroughTunnel: null, problem: null },
  });
});

test('of a name’s addresses the first with a route counts', async () => {
  const { desktop, survey } = buildDesktop();
  survey.names.set('vpn.example.com', [parseIpAddress('2001:db8:ffff::1'), parseIpAddress('203.0.113.2')]);
  const { resolved, peer, problem } = await desktop.outlook(' vpn.example.com ');
  assert.deepEqual([resolved.length, peer, problem], [2, '203.0.113.2', null]);
});

test('what is wrong is in the result: no such name, no address, no route, into a tunnel', async () => {
  const { desktop, network } = buildDesktop();
  const codeOf = async (peer: string): Promise<string | undefined> => (await desktop.outlook(peer)).problem?.code;
  assert.equal(await codeOf('nowhere.example.com'), 'PROFILE_UNRESOLVED');
  assert.equal(await codeOf('300.1.1.1'), 'ADDRESS_SYNTAX');
  assert.equal(await codeOf('auto'), 'ADDRESS_SYNTAX');
  assert.equal(await codeOf('198.51.100.1'), 'ROUTE_NOT_FOUND');
  await establishTunnel(network, { outer: 4 });
  network.a.router.addRoute(parsePrefix('198.51.100.0/24'), parseIpAddress('172.16.100.1'));
  const { isThroughTunnel, problem } = await desktop.outlook('198.51.100.1');
  assert.deepEqual([isThroughTunnel, problem?.code], ['ipsec0', 'TUNNEL_ROUTE_LOOP']);
});

test('networks are the addresses and routes of the machine', async () => {
  const { desktop } = buildDesktop();
  const { addresses, routes, dnsServers } = await desktop.networks();
  assert.ok(
    addresses.some(
      ({ device, address, prefixLength }) => `${device} ${address}/${prefixLength}` === 'wm1 192.168.100.1/24',
    ),
  );
  assert.ok(routes.some(({ destination, device }) => destination === '192.168.100.0/24' && device === 'wm1'));
  assert.deepEqual(dnsServers, []);
});
