/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIpAddress } from '#core/ip/address.ts';
import { gatherFacts } from '#core/tunnel/verify/verify-facts.ts';
import { buildDesktop } from '#test/support/desktop.ts';
import { establishTunnel } from '#test/support/establish-tunnel.ts';
import { workingFacts } from '#test/support/verify-facts.ts';

test('the far end’s inner address is pinged from the own one, small and as large as the MTU', async () => {
  const facts = await workingFacts();
  assert.deepEqual(
    [facts.target, facts.ping?.source, facts.ping?.outcome.kind],
    ['172.16.200.1', '172.16.100.1', 'answered'],
  );
  assert.deepEqual(facts.path, { wanted: 1280, largest: 1280 });
  assert.ok((facts.after?.counters.outputPackets ?? 0) > (facts.before?.counters.outputPackets ?? 0));
  assert.equal(facts.associations.length, 4);
});

test('an interface that is not there, or is down, is not pinged through', async () => {
  const { network, survey } = buildDesktop();
  const { gateway } = network.a;
  const surroundings = { status: () => gateway.status(), findRoute: gateway.routes.find.bind(gateway.routes), survey };
  const nothing = await gatherFacts('ipsec0', null, parseIpAddress('172.16.200.1'), surroundings);
  assert.deepEqual([nothing.before, nothing.ping, nothing.path], [null, null, null]);
  await establishTunnel(network, { outer: 4 });
  await gateway.setFlags('ipsec0', { isUp: false });
  const down = await gatherFacts('ipsec0', null, null, surroundings);
  assert.deepEqual([down.target, down.ping], ['172.16.200.1', null]);
});

test('a survey that fails leaves its facts empty', async () => {
  const { network, survey } = buildDesktop();
  const { gateway } = network.a;
  survey.listAddresses = () => Promise.reject(new Error('no'));
  const surroundings = { status: () => gateway.status(), findRoute: gateway.routes.find.bind(gateway.routes), survey };
  assert.deepEqual((await gatherFacts(null, null, null, surroundings)).addresses, []);
});
