/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildTwoGateways } from '#core/host/memory/two-gateways.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import type { InterfacePreview, InterfaceChanges } from '#core/tunnel/preview/interface-preview.ts';
import { establishTunnel } from '#test/support/establish-tunnel.ts';

async function preview(changes: Partial<InterfaceChanges>): Promise<InterfacePreview> {
  const network = buildTwoGateways();
  await establishTunnel(network, { outer: 4 });
  const { gateway } = network.a;
  const before = JSON.stringify(gateway.status());
  const result = await gateway.view.previewInterface('ipsec0', { flags: {}, ...changes });
  assert.equal(JSON.stringify(gateway.status()), before, 'nothing has changed');
  return result;
}

const fates = (rows: readonly { readonly fate: string; readonly direction: string }[]): string[] =>
  rows.map(({ fate, direction }) => `${direction} ${fate}`).sort();

test('link2 off: the policies of inner IPv6 say discard, and their associations are used no longer', async () => {
  const { policies, associations, problem, commands } = await preview({ flags: { link2: false } });
  assert.equal(problem, null);
  assert.deepEqual(commands, ['culvert ifconfig ipsec0 -link2']);
  const ipv6 = policies.filter(({ selector }) => selector.includes('41(ipv6)'));
  assert.deepEqual(
    ipv6.map(({ fate, after }) => [fate, after]),
    [
      ['changes', 'discard'],
      ['changes', 'discard'],
    ],
  );
  assert.match(ipv6[0]?.before ?? '', /^esp\/transport\/\/unique#\d+$/);
  // The policies are made anew with reqids of their own (if_ipsec.c), so those of inner IPv4 lose their associations too.
  assert.equal(policies.length, 4);
  assert.ok(
    policies
      .filter(({ selector }) => selector.includes('4(ipv4)'))
      .every(({ after }) => after === 'esp/transport//unique'),
  );
  assert.deepEqual(fates(associations), ['in goes', 'in goes', 'out goes', 'out goes']);
});

test('link0 on: level require has no reqid, so every association of the pair is used', async () => {
  const { policies, associations } = await preview({ flags: { link0: true } });
  assert.ok(policies.every(({ fate, after }) => fate === 'changes' && after === 'esp/transport//require'));
  assert.deepEqual(fates(associations), ['in stays', 'in stays', 'out stays', 'out stays']);
});

test('link1 and the MTU leave policies and associations as they are', async () => {
  const { policies, associations, commands } = await preview({ flags: { link1: true }, mtu: 1400 });
  assert.deepEqual(commands, ['culvert ifconfig ipsec0 link1', 'culvert ifconfig ipsec0 mtu 1400']);
  assert.ok([...policies, ...associations].every(({ fate }) => fate === 'stays'));
});

test('another peer: four policies go and four appear; no tunnel: four go', async () => {
  const outer = {
    local: parseIpAddress('203.0.113.1'),
    peer: parseIpAddress('203.0.113.9'),
    localPort: 0,
    peerPort: 0,
  };
  const moved = await preview({ tunnel: outer });
  assert.deepEqual(
    fates(moved.policies).join(),
    'in appears,in appears,in goes,in goes,out appears,out appears,out goes,out goes',
  );
  assert.deepEqual(moved.commands, ['culvert ifconfig ipsec0 tunnel 203.0.113.1 203.0.113.9']);
  const none = await preview({ tunnel: null });
  assert.deepEqual(fates(none.policies), ['in goes', 'in goes', 'out goes', 'out goes']);
  assert.deepEqual(fates(none.associations), ['in goes', 'in goes', 'out goes', 'out goes']);
});

test('what would be refused says why, and shows nothing that would change', async () => {
  const { problem, policies, associations } = await preview({ flags: { link2: false }, mtu: 100 });
  assert.equal(problem?.code, 'INTERFACE_MTU');
  assert.ok([...policies, ...associations].every(({ fate }) => fate === 'stays'));
});

test('ports with link0 in one change are allowed, and so is taking both away', async () => {
  const ports = { localPort: 4500, peerPort: 4500 };
  const outer = { local: parseIpAddress('203.0.113.1'), peer: parseIpAddress('203.0.113.2') };
  const both = await preview({ flags: { link0: true }, tunnel: { ...outer, ...ports } });
  assert.equal(both.problem, null);
  assert.equal(both.commands[1], 'culvert ifconfig ipsec0 tunnel 203.0.113.1,4500 203.0.113.2,4500');
  const alone = await preview({ tunnel: { ...outer, ...ports } });
  assert.equal(alone.problem?.code, 'TUNNEL_PORT_WITHOUT_NAT_T');
});

test('an interface that is not there is an error', async () => {
  const { gateway } = buildTwoGateways().a;
  await assert.rejects(gateway.view.previewInterface('ipsec5', { flags: {} }), { code: 'INTERFACE_NOT_FOUND' });
});
