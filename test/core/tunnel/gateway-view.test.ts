/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildTwoGateways } from '#core/host/memory/two-gateways.ts';
import { establishTunnel } from '#test/support/establish-tunnel.ts';

test('a glance says what the status says, and names the associations that are used', async () => {
  const network = buildTwoGateways();
  await establishTunnel(network, { outer: 4 });
  const { gateway } = network.a;
  const [glance] = gateway.view.glances();
  const [whole] = gateway.status().interfaces;
  assert.deepEqual([glance?.record.name, glance?.state], [whole?.name, whole?.state]);
  assert.deepEqual([glance?.outbound.length, glance?.inbound.length, glance?.hasKeys], [2, 2, true]);
  assert.equal(gateway.view.tunnelState('ipsec0'), whole?.state);
  assert.equal(gateway.view.tunnelState('ipsec1'), null);
  assert.deepEqual(
    [...gateway.view.devices()].map(([name]) => name),
    ['ipsec0'],
  );
  assert.deepEqual(
    [...gateway.view.records()].map(({ name }) => name),
    ['ipsec0'],
  );
});
