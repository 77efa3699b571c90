/** @module */
import { formatSpi } from '#core/base/spi-text.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildTwoGateways, type TwoGateways } from '#core/host/memory/two-gateways.ts';
import { InterfaceWatch } from '#core/tunnel/timeline/interface-watch.ts';
import { Timeline } from '#core/tunnel/timeline/timeline.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { establishTunnel } from '#test/support/establish-tunnel.ts';

type Watched = { readonly network: TwoGateways; readonly look: () => string[] };

/** Each look gives what was told since the one before. */
async function watched(): Promise<Watched> {
  const network = buildTwoGateways();
  await establishTunnel(network, { outer: 4 });
  const timeline = new Timeline();
  const watch = new InterfaceWatch(timeline);
  let told: string[] = [];
  timeline.subscribe(({ entry }) => void told.push(entry.text));
  const look = (): string[] => {
    watch.observe(network.a.gateway.view.glances(), network.clock.now());
    const since = told;
    told = [];
    return since;
  };
  assert.deepEqual(look(), ['ipsec0 was created.', 'ipsec0 is ready; nothing was heard yet.']);
  return { network, look };
}

test('nothing is told while nothing changes', async () => {
  const { look } = await watched();
  assert.deepEqual(look(), []);
});

test('flags, MTU and outer addresses are told with what they are now', async () => {
  const { network, look } = await watched();
  const { gateway } = network.a;
  await gateway.setFlags('ipsec0', { link1: true, unnumbered: true });
  await gateway.setMtu('ipsec0', 1400);
  assert.deepEqual(look(), ['ipsec0: flags changed: link1 on, unnumbered on.', 'ipsec0: the MTU is 1400 now.']);
  const outer = {
    local: parseIpAddress('203.0.113.1'),
    peer: parseIpAddress('203.0.113.7'),
    localPort: 0,
    peerPort: 0,
  };
  await gateway.setTunnel('ipsec0', outer);
  const [first, ...rest] = look();
  assert.equal(first, 'ipsec0: the tunnel goes from 203.0.113.1 to 203.0.113.7 now.');
  assert.equal(rest.at(-1), 'ipsec0 waits for keys.');
  await gateway.deleteTunnel('ipsec0');
  assert.deepEqual(look(), ['ipsec0 has no outer addresses any more.', 'ipsec0 is up without a tunnel.']);
});

test('a new key of a policy replaces the one before, and the old one goes in silence', async () => {
  const { network, look } = await watched();
  const { gateway } = network.a;
  const [old] = gateway.status().associations.filter(({ source }) => source === '203.0.113.1');
  assert.ok(old !== undefined);
  const add = `add ${old.source} ${old.destination} esp 0x9999 -u ${old.reqid} -E aes-gcm-16 0x${'5b'.repeat(36)};`;
  await gateway.runSetkey(add, 'file', 1);
  assert.deepEqual(look(), [`ipsec0: outbound key replaced, SPI ${formatSpi(old.spi)} by 0x00009999.`]);
  await gateway.runSetkey(`delete ${old.source} ${old.destination} esp ${old.spi};`, 'file', 1);
  assert.deepEqual(look(), []);
  await gateway.runSetkey(`delete ${old.source} ${old.destination} esp 0x9999;`, 'file', 1);
  assert.equal(look()[0], 'ipsec0: the outbound key with SPI 0x00009999 is gone, and no other is there.');
});

test('an interface that is gone is told', async () => {
  const { network, look } = await watched();
  await network.a.gateway.destroyInterface('ipsec0');
  assert.deepEqual(look(), ['ipsec0 was destroyed.']);
});
