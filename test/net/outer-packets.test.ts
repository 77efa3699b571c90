/**
 * What leaves a gateway on Linux and what comes back in: fragmentation over both outer families, reassembly by the
 * kernel, path MTU and ICMP, a route loop. Two culvertds in namespaces, a router between them whose far link is narrow.
 * @module
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, suite, test } from 'node:test';
import { Culvertd } from '#test/support/culvertd.ts';
import { missingForTunnels } from '#test/support/native-package.ts';
import { joinByVeth, NetworkNamespace } from '#test/support/network-namespace.ts';

type Gateway = { readonly namespace: NetworkNamespace; readonly culvertd: Culvertd };

const outer = {
  4: { left: '192.0.2.1', right: '198.51.100.1' },
  6: { left: '2001:db8:1::1', right: '2001:db8:2::1' },
} as const;
/** Of the link between router and right gateway. */
const narrowMtu = 1300;
const name = 'ipsec0';

suite('outer packets', { skip: missingForTunnels() ?? false }, () => {
  let left: Gateway;
  let right: Gateway;
  let router: NetworkNamespace;
  const cleanups: (() => void | Promise<void>)[] = [];

  before(async () => {
    const [here, middle, there] = ['left', 'router', 'right'].map((suffix) => {
      const namespace = new NetworkNamespace(`outer-${suffix}`);
      cleanups.unshift(() => namespace.remove());
      return namespace;
    });
    assert.ok(here !== undefined && middle !== undefined && there !== undefined);
    router = middle;
    joinByVeth(
      { namespace: here, device: 'wan0', addresses: ['192.0.2.1/24', '2001:db8:1::1/64'] },
      { namespace: middle, device: 'near0', addresses: ['192.0.2.254/24', '2001:db8:1::ff/64'] },
    );
    joinByVeth(
      { namespace: there, device: 'wan0', addresses: ['198.51.100.1/24', '2001:db8:2::1/64'] },
      { namespace: middle, device: 'far0', addresses: ['198.51.100.254/24', '2001:db8:2::ff/64'] },
    );
    for (const key of ['net.ipv4.ip_forward', 'net.ipv6.conf.all.forwarding']) middle.run('sysctl', '-qw', `${key}=1`);
    here.ip('route add default via 192.0.2.254');
    here.ip('-6 route add default via 2001:db8:1::ff');
    there.ip('route add default via 198.51.100.254');
    there.ip('-6 route add default via 2001:db8:2::ff');
    const start = async (namespace: NetworkNamespace): Promise<Gateway> => {
      const culvertd = await Culvertd.start(namespace);
      cleanups.unshift(() => culvertd.dispose());
      return { namespace, culvertd };
    };
    left = await start(here);
    right = await start(there);
    for (const family of [4, 6] as const) assertReachable(here, outer[family].right);
  });
  after(async () => {
    for (const cleanup of cleanups) await cleanup();
  });
  afterEach(async () => {
    setFarMtu(1500);
    for (const { culvertd, namespace } of [left, right]) {
      await culvertd.ask('interface.destroy', { name });
      await culvertd.ask('association.flush', {});
      for (const family of ['-4', '-6']) namespace.run('ip', family, 'route', 'flush', 'cache');
    }
  });

  for (const isNatT of [false, true]) {
    const how = isNatT ? ' in UDP' : '';
    test(`outer IPv6${how} without path MTU discovery comes in fragments of 1280 bytes, which the kernel puts together`, async () => {
      await establish(6, isNatT);
      await setOptions({ pmtu: 0 });
      const before = reassembled(right.namespace, 6);
      assert.deepEqual(ping('-s', '1300'), { received: 3, said: '' });
      assert.equal(reassembled(right.namespace, 6) - before, 3);
      assert.deepEqual(ping('-s', '100'), { received: 3, said: '' });
      assert.equal(reassembled(right.namespace, 6) - before, 3);
      await assertNoDrops();
    });

    test(`outer IPv6${how} with path MTU discovery is whole where it fits, and the inner sender hears of a narrower path`, async () => {
      await establish(6, isNatT);
      await setOptions({ pmtu: 1 });
      const before = reassembled(right.namespace, 6);
      assert.deepEqual(ping('-s', '1300'), { received: 3, said: '' });
      assert.equal(reassembled(right.namespace, 6), before);
      setFarMtu(narrowMtu);
      ping('-s', '1300', '-M', 'do');
      await new Promise((resolve) => setTimeout(resolve, 1100));
      // An inner IPv4 packet may become smaller than IPv6 allows.
      assert.match(ping('-s', '1300', '-M', 'do').said, isNatT ? /mtu ?= ?1218/ : /mtu ?= ?1226/);
    });

    test(`outer IPv4${how} with DF clear is fragmented on the way and put together, and nothing is lost`, async () => {
      await establish(4, isNatT);
      setFarMtu(narrowMtu);
      const before = reassembled(right.namespace, 4);
      assert.deepEqual(ping('-s', '1300', '-M', 'do'), { received: 3, said: '' });
      assert.equal(reassembled(right.namespace, 4) - before, 3);
      await assertNoDrops();
    });

    test(`outer IPv4${how} with DF learns the path from ICMP, and tells the inner sender (RFC 4301 §8.2.1)`, async () => {
      await establish(4, isNatT);
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
      await establish(family, false);
      await setOptions({ hopLimit: 1 });
      // The router is one hop too many.
      assert.equal(ping('-s', '10').received, 0);
      await setOptions({ hopLimit: 2 });
      assert.equal(ping('-s', '10').received, 3);
      for (const { culvertd } of [left, right]) {
        await culvertd.ask('association.flush', {});
        if (family === 4) await culvertd.ask('interface.destroy', { name });
      }
    }
  });

  test('an outer destination that is routed into the tunnel itself is dropped, and never loops', async () => {
    await establish(4, false);
    left.namespace.ip(`route add ${outer[4].right}/32 dev ${name}`);
    assert.equal(ping('-s', '10').received, 0);
    const { interfaces } = await left.culvertd.ask('status.get', {});
    assert.deepEqual(interfaces[0]?.drops, [{ reason: 'outRouteLoop', packets: 3 }]);
    assert.equal(interfaces[0].counters.outputPackets, 3);
  });

  function setFarMtu(mtu: number): void {
    router.ip(`link set far0 mtu ${mtu}`);
    // A cable carries no more than its other end takes.
    right.namespace.ip(`link set wan0 mtu ${mtu}`);
  }

  async function setOptions(options: { pmtu?: 0 | 1; dontFragment?: 'copy'; hopLimit?: number }): Promise<void> {
    await left.culvertd.ask('interface.setOptions', { name, ...options });
  }

  /** A tunnel with inner MTU 1400, and an association for each direction. */
  async function establish(family: 4 | 6, isNatT: boolean): Promise<void> {
    await configure(left.culvertd, outer[family].left, outer[family].right, isNatT, 1, 2);
    await configure(right.culvertd, outer[family].right, outer[family].left, isNatT, 2, 1);
    const port = isNatT ? ' [4500]' : '';
    for (const { culvertd } of [left, right]) {
      const { policies } = await culvertd.ask('status.get', {});
      const isLeft = culvertd === left.culvertd;
      const add = (from: string, to: string, spi: number, direction: 'in' | 'out'): string => {
        const policy = policies.find((row) => row.direction === direction && row.upperProtocol === 4);
        const unique = isNatT ? '' : `-u ${policy?.requests[0]?.reqid ?? 0}`;
        const keys = `-E aes-gcm-16 0x${'5a'.repeat(20)}`;
        return `add ${from}${port} ${to}${port} ${isNatT ? 'esp-udp' : 'esp'} ${spi} -m transport ${unique} ${keys};`;
      };
      const text = [
        add(outer[family].left, outer[family].right, 0x1000, isLeft ? 'out' : 'in'),
        add(outer[family].right, outer[family].left, 0x1001, isLeft ? 'in' : 'out'),
      ].join('\n');
      const { errors } = await culvertd.ask('setkey.run', { text, semantics: 'file' });
      assert.deepEqual(errors, []);
    }
  }

  async function assertNoDrops(): Promise<void> {
    for (const { culvertd } of [left, right]) {
      const { interfaces, drops } = await culvertd.ask('status.get', {});
      assert.deepEqual([interfaces[0]?.drops, drops], [[], []]);
    }
  }

  function ping(...args: readonly string[]): { received: number; said: string } {
    const all = ['-n', '-c', '3', '-i', '0.05', '-W', '1', ...args, '172.16.2.1'];
    const { stdout, stderr } = left.namespace.run('ping', ...all);
    const received = Number(/(\d+) received/.exec(stdout)?.[1] ?? 0);
    const refusals = `${stdout}\n${stderr}`.split('\n').filter((line) => /mtu ?=|too long/.test(line));
    return { received, said: refusals.join('\n') };
  }
});

/** The kernel needs a moment until new addresses answer to neighbours; packets of the tunnel would wait for them, and come late. */
function assertReachable(namespace: NetworkNamespace, address: string): void {
  const isAnswered = (): boolean => namespace.run('ping', '-n', '-c', '1', '-W', '1', address).status === 0;
  assert.ok(Array.from({ length: 10 }).some(isAnswered), `${address} does not answer`);
}

async function configure(
  culvertd: Culvertd,
  local: string,
  peer: string,
  isNatT: boolean,
  own: number,
  far: number,
): Promise<void> {
  const port = isNatT ? 4500 : 0;
  await culvertd.ask('interface.create', { name });
  await culvertd.ask('interface.setMtu', { name, mtu: 1400 });
  if (isNatT) await culvertd.ask('interface.setFlags', { name, link0: true });
  await culvertd.ask('interface.setTunnel', { name, local, peer, localPort: port, peerPort: port });
  const inner = { address: `172.16.${own}.1`, prefixLength: 32, peer: `172.16.${far}.1` };
  await culvertd.ask('interface.addAddress', { name, ...inner });
  await culvertd.ask('interface.setFlags', { name, isUp: true });
}

/** Packets that a namespace's kernel put together (/proc/net/snmp, ReasmOKs). */
function reassembled(namespace: NetworkNamespace, family: 4 | 6): number {
  const { stdout } = namespace.run('cat', family === 4 ? '/proc/net/snmp' : '/proc/net/snmp6');
  if (family === 6) return Number(/^Ip6ReasmOKs\s+(\d+)/m.exec(stdout)?.[1]);
  const [names = [], values = []] = stdout
    .split('\n')
    .flatMap((line) => (line.startsWith('Ip:') ? [line.split(' ')] : []));
  return Number(values[names.indexOf('ReasmOKs')]);
}
