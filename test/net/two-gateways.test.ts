/**
 * Two culvertds in two namespaces, joined by a cable: the tunnel of ipsecif(4)'s example carries pings, over each outer
 * family, plain and in UDP, with a counter-mode and a CBC suite.
 * @module
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, suite, test } from 'node:test';
import { missingForTunnels } from '#test/support/native-package.ts';
import { Culvertd } from '#test/support/culvertd.ts';
import { joinByVeth, NetworkNamespace } from '#test/support/network-namespace.ts';

type Gateway = { readonly namespace: NetworkNamespace; readonly culvertd: Culvertd };

const outerPairs = {
  ipv4: { left: '192.0.2.1', right: '192.0.2.2' },
  ipv6: { left: '2001:db8::1', right: '2001:db8::2' },
} as const;

const suites = {
  'aes-gcm-16': `-E aes-gcm-16 0x${'0123456789abcdef'.repeat(2)}${'a5a5a5a5'}`,
  'aes-cbc with hmac-sha256': `-E aes-cbc 0x${'0123456789abcdef'.repeat(2)} -A hmac-sha256 0x${'5a'.repeat(32)}`,
} as const;

const cases = [
  { outer: 'ipv4', isNatT: false, keys: 'aes-gcm-16' },
  { outer: 'ipv4', isNatT: true, keys: 'aes-gcm-16' },
  { outer: 'ipv6', isNatT: false, keys: 'aes-gcm-16' },
  { outer: 'ipv6', isNatT: true, keys: 'aes-gcm-16' },
  { outer: 'ipv4', isNatT: false, keys: 'aes-cbc with hmac-sha256' },
] as const;

suite('two gateways', { skip: missingForTunnels() ?? false }, () => {
  let left: Gateway;
  let right: Gateway;

  const cleanups: (() => void | Promise<void>)[] = [];
  const makeNamespace = (suffix: string): NetworkNamespace => {
    const namespace = new NetworkNamespace(suffix);
    cleanups.unshift(() => namespace.remove());
    return namespace;
  };
  const startIn = async (namespace: NetworkNamespace): Promise<Gateway> => {
    const culvertd = await Culvertd.start(namespace);
    cleanups.unshift(() => culvertd.dispose());
    return { namespace, culvertd };
  };

  before(async () => {
    const namespaces = [makeNamespace('left'), makeNamespace('right')] as const;
    joinByVeth(
      { namespace: namespaces[0], device: 'wan0', addresses: ['192.0.2.1/24', '2001:db8::1/64'] },
      { namespace: namespaces[1], device: 'wan0', addresses: ['192.0.2.2/24', '2001:db8::2/64'] },
    );
    left = await startIn(namespaces[0]);
    right = await startIn(namespaces[1]);
  });
  after(async () => {
    const statuses = [await left.culvertd.kill('SIGTERM'), await right.culvertd.kill('SIGTERM')];
    for (const cleanup of cleanups) await cleanup();
    assert.deepEqual(statuses, [0, 0]);
  });

  for (const { outer, isNatT, keys } of cases) {
    test(`pings cross over ${outer}${isNatT ? ' in UDP' : ''} with ${keys}, both inner families, and nothing is dropped`, async () => {
      const pair = outerPairs[outer];
      const port = isNatT ? 4500 : 0;
      await configure(left.culvertd, pair.left, pair.right, port, 1, 2);
      await configure(right.culvertd, pair.right, pair.left, port, 2, 1);
      await addAssociations(pair, isNatT, suites[keys]);
      const received = [
        ping(left.namespace, '172.16.2.1'),
        ping(right.namespace, '172.16.1.1'),
        ping(left.namespace, 'fd00::2:1'),
      ];
      assert.deepEqual(received, [5, 5, 5], await describe());
      await checkCounters(left.culvertd);
      await checkCounters(right.culvertd);
    });
  }

  afterEach(async () => {
    for (const { culvertd, namespace } of [left, right]) {
      await culvertd.ask('association.flush', {});
      await culvertd.ask('interface.destroy', { name: 'ipsec0' });
      assert.deepEqual(namespace.devices(), ['wan0']);
    }
  });

  /** What both ends counted, for a failure's message. */
  async function describe(): Promise<string> {
    const lines: string[] = [];
    for (const { culvertd } of [left, right]) {
      const { interfaces, associations, drops } = await culvertd.ask('status.get', {});
      lines.push(JSON.stringify({ interfaces, associations, drops }), culvertd.log);
    }
    return lines.join('\n');
  }

  async function configure(
    culvertd: Culvertd,
    local: string,
    peer: string,
    port: number,
    own: number,
    far: number,
  ): Promise<void> {
    const name = 'ipsec0';
    await culvertd.ask('interface.create', { name });
    if (port !== 0) await culvertd.ask('interface.setFlags', { name, link0: true });
    await culvertd.ask('interface.setTunnel', { name, local, peer, localPort: port, peerPort: port });
    await culvertd.ask('interface.setFlags', { name, link2: true });
    const inner = { address: `172.16.${own}.1`, prefixLength: 32, peer: `172.16.${far}.1` };
    await culvertd.ask('interface.addAddress', { name, ...inner });
    const inner6 = { address: `fd00::${own}:1`, prefixLength: 128, peer: `fd00::${far}:1` };
    await culvertd.ask('interface.addAddress', { name, ...inner6 });
    await culvertd.ask('interface.setFlags', { name, isUp: true });
  }

  /**
   * The same associations on both ends: for each direction and inner family, tied to the policies by each end's own
   * reqids; under NAT-T the policies have none, and one association for each direction carries both families.
   */
  async function addAssociations(pair: OuterPair, isNatT: boolean, keys: string): Promise<void> {
    for (const { culvertd } of [left, right]) {
      const { policies } = await culvertd.ask('status.get', {});
      const isLeft = culvertd === left.culvertd;
      const statements = (isNatT ? [0] : [4, 41]).flatMap((protocol, index) => {
        const option = (direction: 'in' | 'out'): string => {
          if (protocol === 0) return '';
          const policy = policies.find((row) => row.direction === direction && row.upperProtocol === protocol);
          return `-u ${policy?.requests[0]?.reqid ?? 0}`;
        };
        const spi = 0x1000 + index * 2;
        return [
          add(pair.left, pair.right, isNatT, spi, option(isLeft ? 'out' : 'in'), keys),
          add(pair.right, pair.left, isNatT, spi + 1, option(isLeft ? 'in' : 'out'), keys),
        ];
      });
      const { errors, applied } = await culvertd.ask('setkey.run', { text: statements.join('\n'), semantics: 'file' });
      assert.deepEqual([errors, applied], [[], statements.length]);
    }
  }
});

type OuterPair = { readonly left: string; readonly right: string };

function add(from: string, to: string, isNatT: boolean, spi: number, unique: string, keys: string): string {
  const port = isNatT ? ' [4500]' : '';
  return `add ${from}${port} ${to}${port} ${isNatT ? 'esp-udp' : 'esp'} ${spi} -m transport ${unique} ${keys};`;
}

function ping(namespace: NetworkNamespace, address: string): number {
  const { stdout } = namespace.run('ping', '-n', '-c', '5', '-i', '0.05', '-W', '2', address);
  return Number(/(\d+) received/.exec(stdout)?.[1] ?? 0);
}

async function checkCounters(culvertd: Culvertd): Promise<void> {
  const { interfaces, associations, drops } = await culvertd.ask('status.get', {});
  const [ipsec0] = interfaces;
  assert.ok(ipsec0 !== undefined);
  assert.deepEqual([ipsec0.drops, drops], [[], []]);
  assert.deepEqual([ipsec0.counters.outputPackets, ipsec0.counters.inputPackets], [15, 15]);
  assert.equal(ipsec0.state, 'up');
  // 10 echo messages over IPv4 and 5 over IPv6, each way.
  const used = associations.map(({ usage }) => usage.packets).sort((one, other) => one - other);
  assert.deepEqual(used, associations.length === 2 ? [15, 15] : [5, 5, 10, 10]);
  assert.deepEqual(
    used,
    associations.map(({ usage }) => usage.sequence).sort((one, other) => one - other),
  );
}
