import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AssociationSpec } from '#core/sad/security-association.ts';
import { selectAssociations } from '#core/tunnel/selected-associations.ts';
import { inboundSpec, inUdp, outboundSpec, tunnelBench, type TunnelSetting } from '#test/support/tunnel-bench.ts';

function select(setting: TunnelSetting, specs: readonly AssociationSpec[]): [number[], number[], boolean] {
  const { record, sad } = tunnelBench(setting, specs);
  const { outbound, inbound, hasKeys } = selectAssociations(record, sad);
  return [outbound.map(({ spi }) => spi), inbound.map(({ spi }) => spi), hasKeys];
}

test('finds the associations with the reqids of its policies, each direction its own', () => {
  const specs = [
    outboundSpec(300, { reqid: 16386 }),
    outboundSpec(301, { reqid: 16388 }),
    outboundSpec(302, { reqid: 16385 }),
    inboundSpec(400, { reqid: 16385 }),
    inboundSpec(401, { reqid: 16386 }),
  ];
  assert.deepEqual(select({}, specs), [[300, 301], [400], true]);
});

test('keys of different inner families do not make a tunnel', () => {
  const specs = [outboundSpec(300, { reqid: 16386 }), inboundSpec(400, { reqid: 16387 })];
  assert.deepEqual(select({}, specs), [[300], [400], false]);
});

test('without link2 keys for IPv6 select nothing', () => {
  const specs = [outboundSpec(300, { reqid: 16388 }), inboundSpec(400, { reqid: 16387 })];
  assert.deepEqual(select({ link2: false }, specs), [[], [], false]);
});

test('ports are mirrored on the way in', () => {
  const specs = [
    outboundSpec(300),
    outboundSpec(301, inUdp(4500, 4501)),
    outboundSpec(302, inUdp(4500, 4502)),
    inboundSpec(400, inUdp(4501, 4500)),
    inboundSpec(401, inUdp(4502, 4500)),
  ];
  assert.deepEqual(select({ link0: true, localPort: 4500, peerPort: 4501 }, specs), [[301], [400], true]);
});
