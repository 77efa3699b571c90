/**
 * What leaves a gateway on Linux and what comes back in: fragmentation over both outer families, reassembly by the
 * kernel, path MTU and ICMP, a route loop. Two culvertds in namespaces, a router between them whose far link is narrow.
 * @module
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, suite, test } from 'node:test';
import { missingForTunnels } from '#test/support/native-package.ts';
import type { NetworkNamespace } from '#test/support/network-namespace.ts';
import { routedAddresses, RoutedGateways, routedInterface as name } from './routed/routed-gateways.ts';

/** Of the link between router and right gateway. */
const narrowMtu = 1300;

suite('outer packets', { skip: missingForTunnels() ?? false }, () => {
  let gateways: RoutedGateways;
  const cleanups: (() => unknown)[] = [];

  before(async () => {
    gateways = await RoutedGateways.open('outer', cleanups);
  });
  after(async () => {
    for (const cleanup of cleanups) await cleanup();
  });
  afterEach(() => gateways.reset());

  for (const isNatT of [false, true]) {
    const how = isNatT ? ' in UDP' : '';
    test(`outer IPv6${how} without path MTU discovery comes in fragments of 1280 bytes, which the kernel puts together`, async () => {
      await gateways.establish({ family: 6, isNatT });
      await setOptions({ pmtu: 0 });
      const before = reassembled(gateways.right.namespace, 6);
      assert.deepEqual(ping('-s', '1300'), { received: 3, said: '' });
      assert.equal(reassembled(gateways.right.namespace, 6) - before, 3);
      assert.deepEqual(ping('-s', '100'), { received: 3, said: '' });
      assert.equal(reassembled(gateways.right.namespace, 6) - before, 3);
      await assertNoDrops();
    });

    test(`outer IPv6${how} with path MTU discovery is whole where it fits, and the inner sender hears of a narrower path`, async () => {
      await gateways.establish({ family: 6, isNatT });
      await setOptions({ pmtu: 1 });
      const before = reassembled(gateways.right.namespace, 6);
      assert.deepEqual(ping('-s', '1300'), { received: 3, said: '' });
      assert.equal(reassembled(gateways.right.namespace, 6), before);
      setFarMtu(narrowMtu);
      ping('-s', '1300', '-M', 'do');
      await new Promise((resolve) => setTimeout(resolve, 1100));
      // An inner IPv4 packet may become smaller than IPv6 allows.
      assert.match(ping('-s', '1300', '-M', 'do').said, isNatT ? /mtu ?= ?1218/ : /mtu ?= ?1226/);
    });

    test(`outer IPv4${how} with DF clear is fragmented on the way and put together, and nothing is lost`, async () => {
      await gateways.establish({ family: 4, isNatT });
      setFarMtu(narrowMtu);
      const before = reassembled(gateways.right.namespace, 4);
      assert.deepEqual(ping('-s', '1300', '-M', 'do'), { received: 3, said: '' });
      assert.equal(reassembled(gateways.right.namespace, 4) - before, 3);
      await assertNoDrops();
    });

    test(`outer IPv4${how} with DF learns the path from ICMP, and tells the inner sender (RFC 4301 §8.2.1)`, async () => {
      await gateways.establish({ family: 4, isNatT });
      await setOptions({ dontFragment: 'copy' });
      setFarMtu(narrowMtu);
      ping('-s', '1300', '-M', 'do');
      await new Promise((resolve) => setTimeout(resolve, 1100));
      assert.match(ping('-s', '1300', '-M', 'do').said, isNatT ? /mtu ?= ?1238/ : /mtu ?= ?1246/);
      // Without DF inside, none outside.
      assert.equal(ping('-s', '1300', '-M', 'dont').received, 3);
    });
  }

  test('TTL and hop limit are what the interface says', async () => {
    for (const family of [4, 6] as const) {
      await gateways.establish({ family });
      await setOptions({ hopLimit: 1 });
      // The router is one hop too many.
      assert.equal(ping('-s', '10').received, 0);
      await setOptions({ hopLimit: 2 });
      assert.equal(ping('-s', '10').received, 3);
      for (const { culvertd } of [gateways.left, gateways.right]) {
        await culvertd.ask('association.flush', {});
        if (family === 4) await culvertd.ask('interface.destroy', { name });
      }
    }
  });

  test('an outer destination that is routed into the tunnel itself is dropped, and never loops', async () => {
    await gateways.establish({ family: 4 });
    gateways.left.namespace.ip(`route add ${routedAddresses[4].right}/32 dev ${name}`);
    assert.equal(ping('-s', '10').received, 0);
    const { interfaces } = await gateways.left.culvertd.ask('status.get', {});
    assert.deepEqual(interfaces[0]?.drops, [{ reason: 'outRouteLoop', packets: 3 }]);
    assert.equal(interfaces[0].counters.outputPackets, 3);
  });

  function setFarMtu(mtu: number): void {
    gateways.router.ip(`link set far0 mtu ${mtu}`);
    // A cable carries no more than its other end takes.
    gateways.right.namespace.ip(`link set wan0 mtu ${mtu}`);
  }

  async function setOptions(options: { pmtu?: 0 | 1; dontFragment?: 'copy'; hopLimit?: number }): Promise<void> {
    await gateways.left.culvertd.ask('interface.setOptions', { name, ...options });
  }

  async function assertNoDrops(): Promise<void> {
    for (const { culvertd } of [gateways.left, gateways.right]) {
      const { interfaces, drops } = await culvertd.ask('status.get', {});
      assert.deepEqual([interfaces[0]?.drops, drops], [[], []]);
    }
  }

  /** As `RoutedGateways.ping`, with the refusals only. */
  function ping(...args: readonly string[]): { received: number; said: string } {
    const { received, said } = gateways.ping(...args);
    const refusals = said.split('\n').filter((line) => /mtu ?=|too long/.test(line));
    return { received, said: refusals.join('\n') };
  }
});

/** Packets that a namespace's kernel put together (/proc/net/snmp, ReasmOKs). */
function reassembled(namespace: NetworkNamespace, family: 4 | 6): number {
  const { stdout } = namespace.run('cat', family === 4 ? '/proc/net/snmp' : '/proc/net/snmp6');
  if (family === 6) return Number(/^Ip6ReasmOKs\s+(\d+)/m.exec(stdout)?.[1]);
  const [names = [], values = []] = stdout
    .split('\n')
    .flatMap((line) => (line.startsWith('Ip:') ? [line.split(' ')] : []));
  return Number(values[names.indexOf('ReasmOKs')]);
}
