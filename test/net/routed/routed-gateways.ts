/**
 * Two culvertds in namespaces with a router between them: what outer packets meet on their way. The router is also where
 * an attacker sits, who sees nothing that he is not told and sends what he likes.
 * @module
 */
import assert from 'node:assert/strict';
import { Culvertd } from '#test/support/culvertd.ts';
import { joinByVeth, NetworkNamespace } from '#test/support/network-namespace.ts';

/** One end. */
export type RoutedGateway = { readonly namespace: NetworkNamespace; readonly culvertd: Culvertd };

/** How a tunnel travels. */
export type RoutedPlan = { readonly family: 4 | 6; readonly isNatT?: boolean; readonly mtu?: number };

/** Outer addresses of both ends. */
export const routedAddresses = {
  4: { left: '192.0.2.1', right: '198.51.100.1', router: '192.0.2.254' },
  6: { left: '2001:db8:1::1', right: '2001:db8:2::1', router: '2001:db8:1::ff' },
} as const;
/** Name of the interface at either end. */
export const routedInterface = 'ipsec0';
/** SPI of what the left end sends; the right end's is one higher. */
export const routedSpi = 0x1000;

/** The picture. */
export class RoutedGateways {
  readonly left: RoutedGateway;
  readonly right: RoutedGateway;
  readonly router: NetworkNamespace;

  private constructor(left: RoutedGateway, right: RoutedGateway, router: NetworkNamespace) {
    this.left = left;
    this.right = right;
    this.router = router;
  }

  /** Build it. `cleanups` gets how to undo it, in the order in which that is to be done. */
  static async open(label: string, cleanups: (() => unknown)[]): Promise<RoutedGateways> {
    const make = (suffix: string): NetworkNamespace => {
      const namespace = new NetworkNamespace(`${label}-${suffix}`);
      cleanups.unshift(() => namespace.remove());
      return namespace;
    };
    const [here, router, there] = [make('left'), make('router'), make('right')];
    joinByVeth(
      { namespace: here, device: 'wan0', addresses: ['192.0.2.1/24', '2001:db8:1::1/64'] },
      { namespace: router, device: 'near0', addresses: ['192.0.2.254/24', '2001:db8:1::ff/64'] },
    );
    joinByVeth(
      { namespace: there, device: 'wan0', addresses: ['198.51.100.1/24', '2001:db8:2::1/64'] },
      { namespace: router, device: 'far0', addresses: ['198.51.100.254/24', '2001:db8:2::ff/64'] },
    );
    for (const key of ['net.ipv4.ip_forward', 'net.ipv6.conf.all.forwarding']) router.run('sysctl', '-qw', `${key}=1`);
    here.ip('route add default via 192.0.2.254');
    here.ip('-6 route add default via 2001:db8:1::ff');
    there.ip('route add default via 198.51.100.254');
    there.ip('-6 route add default via 2001:db8:2::ff');
    const start = async (namespace: NetworkNamespace): Promise<RoutedGateway> => {
      const culvertd = await Culvertd.start(namespace);
      cleanups.unshift(() => culvertd.dispose());
      return { namespace, culvertd };
    };
    const [left, right] = await Promise.all([start(here), start(there)]);
    for (const family of [4, 6] as const) assertReachable(here, routedAddresses[family].right);
    return new RoutedGateways(left, right, router);
  }

  /** MTU of every cable. */
  setMtu(mtu: number): void {
    for (const device of ['near0', 'far0']) this.router.ip(`link set ${device} mtu ${mtu}`);
    for (const { namespace } of [this.left, this.right]) namespace.ip(`link set wan0 mtu ${mtu}`);
  }

  /** A tunnel, with inner MTU 1400 unless the plan says otherwise, and an association for each direction. */
  async establish(plan: RoutedPlan): Promise<void> {
    await this.configure(this.left, plan);
    await this.configure(this.right, plan);
  }

  /** One end of it. */
  async configure(gateway: RoutedGateway, plan: RoutedPlan): Promise<void> {
    const { family, isNatT = false, mtu = 1400 } = plan;
    const { left, right } = routedAddresses[family];
    const isLeft = gateway === this.left;
    const [local, peer, own, far] = isLeft ? [left, right, 1, 2] : [right, left, 2, 1];
    const { culvertd } = gateway;
    const name = routedInterface;
    const port = isNatT ? 4500 : 0;
    await culvertd.ask('interface.create', { name });
    await culvertd.ask('interface.setMtu', { name, mtu });
    if (isNatT) await culvertd.ask('interface.setFlags', { name, link0: true });
    await culvertd.ask('interface.setTunnel', { name, local, peer, localPort: port, peerPort: port });
    const inner4 = { address: `172.16.${own}.1`, prefixLength: 32, peer: `172.16.${far}.1` };
    await culvertd.ask('interface.addAddress', { name, ...inner4 });
    const inner6 = { address: `fd00::${own}:1`, prefixLength: 128, peer: `fd00::${far}:1` };
    await culvertd.ask('interface.addAddress', { name, ...inner6 });
    await culvertd.ask('interface.setFlags', { name, isUp: true });
    await this.addAssociations(gateway, plan);
  }

  /** The associations of one end, for inner IPv4. */
  async addAssociations({ culvertd }: RoutedGateway, { family, isNatT = false }: RoutedPlan): Promise<void> {
    const { left, right } = routedAddresses[family];
    const isLeft = culvertd === this.left.culvertd;
    const { policies } = await culvertd.ask('status.get', {});
    const port = isNatT ? ' [4500]' : '';
    const add = (from: string, to: string, spi: number, direction: 'in' | 'out'): string => {
      const policy = policies.find((row) => row.direction === direction && row.upperProtocol === 4);
      const unique = isNatT ? '' : `-u ${policy?.requests[0]?.reqid ?? 0}`;
      const keys = `-E aes-gcm-16 0x${'5a'.repeat(20)}`;
      return `add ${from}${port} ${to}${port} ${isNatT ? 'esp-udp' : 'esp'} ${spi} -m transport -r 8 ${unique} ${keys};`;
    };
    const statements = [
      add(left, right, routedSpi, isLeft ? 'out' : 'in'),
      add(right, left, routedSpi + 1, isLeft ? 'in' : 'out'),
    ];
    const { errors } = await culvertd.ask('setkey.run', { text: statements.join('\n'), semantics: 'file' });
    assert.deepEqual(errors, []);
  }

  /** Undo what a test configured; the cables are as wide as at first. */
  async reset(): Promise<void> {
    this.setMtu(1500);
    for (const { culvertd, namespace } of [this.left, this.right]) {
      await culvertd.ask('interface.destroy', { name: routedInterface });
      await culvertd.ask('association.flush', {});
      for (const family of ['-4', '-6']) namespace.run('ip', family, 'route', 'flush', 'cache');
    }
  }

  /** Ping the right end's inner address from the left end: how many of three came back, and what was said. */
  ping(...args: readonly string[]): { readonly received: number; readonly said: string } {
    const all = ['-n', '-c', '3', '-i', '0.05', '-W', '1', ...args, '172.16.2.1'];
    const { stdout, stderr } = this.left.namespace.run('ping', ...all);
    return { received: Number(/(\d+) received/.exec(stdout)?.[1] ?? 0), said: `${stdout}\n${stderr}` };
  }
}

/** The kernel needs a moment until new addresses answer to neighbours; packets of the tunnel would wait for them, and come late. */
export function assertReachable(namespace: NetworkNamespace, address: string): void {
  const isAnswered = (): boolean => namespace.run('ping', '-n', '-c', '1', '-W', '1', address).status === 0;
  assert.ok(Array.from({ length: 10 }).some(isAnswered), `${address} does not answer`);
}
