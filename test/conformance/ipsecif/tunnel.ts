/**
 * Setting a tunnel up and taking it down as t_ipsec.sh does: interface, addresses, route, the ids that `setkey -DP` shows
 * behind `unique#`, and associations for them.
 * @module
 */
import assert from 'node:assert/strict';
import { hostPrefixLength, type AddressPair, type Family } from './addresses.ts';
import { ifconfig, printed, setkey, type Router, type RouterPair } from './router.ts';

/** Algorithms of the cases, by the last part of their names: no integrity (`-A`), so the helper must allow that. */
export const algorithms = { null: '-E null', rijndaelcbc: '-E rijndael-cbc "aaaaaaaaaaaaaaaa"' } as const;

/** Inner and outer IP version and algorithm of a case. */
export type CasePlan = {
  readonly inner: Family;
  readonly outer: Family;
  readonly algorithm: keyof typeof algorithms;
};

/** One interface of one router. */
export type Tunnel = {
  readonly name: string;
  readonly inner: Family;
  readonly outer: Family;
  readonly local: AddressPair;
  readonly peer: AddressPair;
  readonly own: AddressPair;
  readonly far: AddressPair;
  readonly algorithm: keyof typeof algorithms;
  /** SPI of router 2's packets over inner IPv4; router 1's is one more, IPv6's are ten more. */
  readonly spi: number;
};

const unique = /unique#(\d+)/;

/** ipsec0 between the routers, as router `self` sees it. */
export function mainTunnel(self: Router, other: Router, plan: CasePlan): Tunnel {
  const [own, far] = [self.addresses, other.addresses];
  return { name: 'ipsec0', ...plan, local: own.wan, peer: far.wan, own: own.inner, far: far.inner, spi: 10000 };
}

/** Create the interface with outer and inner addresses. */
export async function createInterface(router: Router, tunnel: Tunnel): Promise<void> {
  const { name, inner, outer, local, peer, own, far } = tunnel;
  await ifconfig(router, name, 'create');
  await ifconfig(router, name, 'tunnel', local[outer], peer[outer]);
  await ifconfig(
    router,
    name,
    inner === 'ipv4' ? 'inet' : 'inet6',
    `${own[inner]}/${hostPrefixLength[inner]}`,
    far[inner],
  );
}

/** Associations for the interface's own policies; `sends` says which of the two SPIs this router sends with. */
export async function addAssociations(router: Router, tunnel: Tunnel, isRouterOne: boolean): Promise<void> {
  const dump = await printed(router, 'setkey', '-DP');
  // Older kernels sent inner IPv6 over outer IPv4 by the policy of protocol 4, so NetBSD's test has both pairs there.
  const families: readonly Family[] =
    tunnel.inner === 'ipv6' && tunnel.outer === 'ipv4' ? ['ipv4', 'ipv6'] : [tunnel.inner];
  const statements = families.flatMap((inner) => associationsFor(tunnel, inner, isRouterOne, dump));
  await setkey(router, statements);
}

function associationsFor(tunnel: Tunnel, inner: Family, isRouterOne: boolean, dump: string): readonly string[] {
  const [local, peer] = [tunnel.local[tunnel.outer], tunnel.peer[tunnel.outer]];
  const spi = tunnel.spi + (inner === 'ipv6' ? 10 : 0);
  const [spiIn, spiOut] = isRouterOne ? [spi, spi + 1] : [spi + 1, spi];
  const key = algorithms[tunnel.algorithm];
  return [
    `add ${peer} ${local} esp ${spiIn} -u ${readPolicyId(dump, peer, local, inner)} ${key};`,
    `add ${local} ${peer} esp ${spiOut} -u ${readPolicyId(dump, local, peer, inner)} ${key};`,
  ];
}

/** The id behind `unique#` within two lines of the policy's own. */
function readPolicyId(dump: string, source: string, destination: string, inner: Family): number {
  const lines = dump.split('\n');
  const at = lines.findIndex(
    (line) => line.startsWith(`${source}[any] ${destination}[any]`) && line.endsWith(`(${inner})`),
  );
  assert.ok(at >= 0, `setkey -DP shows no policy from ${source} to ${destination} for ${inner}:\n${dump}`);
  const id = Number(unique.exec(lines.slice(at, at + 3).join('\n'))?.[1] ?? 0);
  assert.ok(id > 16383, `no id behind unique# in\n${lines.slice(at, at + 3).join('\n')}`);
  return id;
}

/** ipsec0 on both routers, with routes and associations, each step with its expectation. */
export async function setUpTunnel({ one, two }: RouterPair, plan: CasePlan): Promise<void> {
  const setUpSide = async (self: Router, other: Router): Promise<void> => {
    const tunnel = mainTunnel(self, other, plan);
    await createInterface(self, tunnel);
    await self.routeInto(other.addresses.network[plan.inner], self.addresses.inner[plan.inner]);
    await addAssociations(self, tunnel, self === one);
    assert.match(await printed(self, 'ifconfig', '-a'), /^ipsec0: /m);
    assert.equal(await self.deviceTowards(other.addresses.lan[plan.inner]), 'ipsec0');
  };
  await Promise.all([setUpSide(one, two), setUpSide(two, one)]);
}

/** deletetunnel, destroy, setkey -F, on both routers. */
export async function tearDownTunnel({ one, two }: RouterPair): Promise<void> {
  const tearDownSide = async (router: Router): Promise<void> => {
    await ifconfig(router, 'ipsec0', 'deletetunnel');
    await ifconfig(router, 'ipsec0', 'destroy');
    assert.equal(await printed(router, 'setkey', '-F'), '');
  };
  await Promise.all([tearDownSide(one), tearDownSide(two)]);
}
