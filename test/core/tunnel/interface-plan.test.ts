import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIpAddress } from '#core/ip/address.ts';
import { initialSettings } from '#core/ipsecif/interface-options.ts';
import type { AssociationSpec } from '#core/sad/security-association.ts';
import { planInterface, type InterfacePlan } from '#core/tunnel/interface-plan.ts';
import { inboundSpec, inUdp, outboundSpec, tunnelBench, type TunnelSetting } from '#test/support/tunnel-bench.ts';

function planOf(setting: TunnelSetting, specs: readonly AssociationSpec[]): InterfacePlan {
  const { record, sad } = tunnelBench(setting, specs);
  return planInterface(record, sad, initialSettings);
}

test('each inner family sends on the association with its own reqid', () => {
  const plan = planOf({}, [outboundSpec(300, { reqid: 16386 }), outboundSpec(301, { reqid: 16388 })]);
  assert.deepEqual([plan.ipv4?.association?.spi, plan.ipv6?.association?.spi], [300, 301]);
});

test('without link2 nothing is sent for IPv6', () => {
  const plan = planOf({ link2: false }, [outboundSpec(300, { reqid: 16388 })]);
  assert.equal(plan.ipv6?.association, null);
  assert.equal(plan.ipv6?.outbound.action, 'discard');
});

test('with ports it sends only on an association with exactly these', () => {
  const specs = [outboundSpec(301, inUdp(4500, 4501)), outboundSpec(302, inUdp(4500, 4502)), outboundSpec(303)];
  assert.equal(planOf({ link0: true, localPort: 4500, peerPort: 4501 }, specs).ipv4?.association?.spi, 301);
  assert.equal(planOf({ link0: true, localPort: 4500, peerPort: 4503 }, specs).ipv4?.association, null);
});

test('needs raw sockets for ESP and ICMP always, and UDP for link0 or for associations of the pair that say so', () => {
  const elsewhere = { destination: parseIpAddress('192.0.2.3') };
  const cases: [TunnelSetting, AssociationSpec[], string[]][] = [
    [{}, [], []],
    [{ link0: true }, [], ['udp 192.0.2.1 4500']],
    [{ link0: true, localPort: 4600 }, [outboundSpec(300, inUdp(4700, 4500))], ['udp 192.0.2.1 4600']],
    [{ link0: true, peerPort: 4501 }, [], ['udp 192.0.2.1 4500']],
    [{}, [outboundSpec(300, inUdp(4700, 4500))], ['udp 192.0.2.1 4700']],
    [{}, [inboundSpec(300, inUdp(4500, 4800))], ['udp 192.0.2.1 4800']],
    [{}, [outboundSpec(300, { ...elsewhere, ...inUdp(4700, 4500) })], []],
  ];
  for (const [setting, specs, expected] of cases) {
    assert.deepEqual(
      [...planOf(setting, specs).sockets.keys()],
      ['esp 192.0.2.1 0', 'icmp 192.0.2.1 0', ...expected],
      JSON.stringify(setting),
    );
  }
});
