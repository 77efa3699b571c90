/**
 * The cases of NetBSD's tests/net/if_ipsec/t_ipsec.sh under its names, over routers of any kind: `ipsecif_create_destroy`
 * and 24 of `ipsecif_{basic,ioctl,recursive}_{INNER}over{OUTER}_esp_{null,rijndaelcbc}`.
 *
 * A tunnel that the driver refuses is only a warning of ifconfig(8) (`SIOCSLIFPHYADDR`), with exit status 0.
 * @module
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Family } from './addresses.ts';
import { ifconfig, type Router, type RouterPair } from './router.ts';
import type { algorithms } from './tunnel.ts';
import {
  addAssociations,
  createInterface,
  mainTunnel,
  setUpTunnel,
  tearDownTunnel,
  type CasePlan,
  type Tunnel,
} from './tunnel.ts';

/** Gives a pair of routers on which nothing is configured for a case (null: the one without a plan). */
export type OpenRouters = (plan: CasePlan | null) => Promise<RouterPair>;

const families: readonly Family[] = ['ipv4', 'ipv6'];
const algorithmNames: readonly (keyof typeof algorithms)[] = ['null', 'rijndaelcbc'];
const bodies = { basic: runBasic, ioctl: runIoctl, recursive: runRecursive } as const;

/** Define all 25 cases as tests. */
export function defineIpsecifCases(open: OpenRouters): void {
  test('ipsecif_create_destroy', async () => runCreateDestroy(await open(null)));
  for (const [name, run] of Object.entries(bodies)) {
    for (const plan of allPlans()) {
      test(`ipsecif_${name}_${plan.inner}over${plan.outer}_esp_${plan.algorithm}`, async () => {
        const routers = await open(plan);
        await expectSurroundings(routers, plan);
        await setUpTunnel(routers, plan);
        await run(routers, plan);
      });
    }
  }
}

function allPlans(): readonly CasePlan[] {
  return families.flatMap((inner) =>
    families.flatMap((outer) => algorithmNames.map((algorithm) => ({ inner, outer, algorithm }))),
  );
}

async function runCreateDestroy({ one }: RouterPair): Promise<void> {
  for (const words of [
    ['create', 'destroy'],
    ['create', 'up', 'down', 'destroy'],
    ['create', 'up', 'destroy'],
  ]) {
    for (const word of words) await ifconfig(one, 'ipsec0', word);
  }
}

/** Each router answers at its own addresses before there is a tunnel. */
async function expectSurroundings(routers: RouterPair, { inner, outer }: CasePlan): Promise<void> {
  for (const router of [routers.one, routers.two]) {
    const { lan, wan } = router.addresses;
    assert.ok(await router.ping(null, lan[inner]), `no echo from ${lan[inner]}`);
    assert.ok(await router.ping(null, wan[outer]), `no echo from ${wan[outer]}`);
  }
}

async function expectPings({ one, two }: RouterPair, inner: Family, isAnswered: boolean): Promise<void> {
  const [left, right] = [one.addresses.lan[inner], two.addresses.lan[inner]];
  const answers = await Promise.all([one.ping(left, right), two.ping(right, left)]);
  assert.deepEqual(answers, [isAnswered, isAnswered], `${left} and ${right} ping each other`);
}

async function runBasic(routers: RouterPair, { inner }: CasePlan): Promise<void> {
  await expectPings(routers, inner, true);
  await tearDownTunnel(routers);
  await expectPings(routers, inner, false);
}

/** A tunnel that is in use by another interface is refused (EADDRNOTAVAIL) and changes nothing, until that one is gone. */
async function runIoctl(routers: RouterPair, plan: CasePlan): Promise<void> {
  const sides = [
    [routers.one, routers.two],
    [routers.two, routers.one],
  ] as const;
  for (const [self, other] of sides) {
    await self.addWanAddress(self.addresses.dummyWan[plan.outer]);
    const dummy = dummyTunnel(self, other, plan);
    await createInterface(self, dummy);
    await addAssociations(self, dummy, self === routers.one);
  }
  await expectPings(routers, plan.inner, true);
  for (const [self, other] of sides) {
    const outer = [self.addresses.dummyWan[plan.outer], other.addresses.dummyWan[plan.outer]];
    const { status, stdout, stderr } = await self.culvert(['ifconfig', 'ipsec0', 'tunnel', ...outer]);
    assert.deepEqual([status, stdout], [0, '']);
    assert.match(stderr, /SIOCSLIFPHYADDR: Can't assign requested address/);
  }
  await expectPings(routers, plan.inner, true);
  for (const [self, other] of sides) {
    await ifconfig(self, 'ipsec1', 'destroy');
    const outer = [self.addresses.dummyWan[plan.outer], other.addresses.dummyWan[plan.outer]];
    await ifconfig(self, 'ipsec0', 'tunnel', ...outer);
  }
  await tearDownTunnel(routers);
  await expectPings(routers, plan.inner, false);
}

function dummyTunnel(self: Router, other: Router, plan: CasePlan): Tunnel {
  const [own, far] = [self.addresses, other.addresses];
  const outerPair = { local: own.dummyWan, peer: far.dummyWan };
  return { name: 'ipsec1', ...plan, ...outerPair, own: own.dummyInner, far: far.dummyInner, spi: 20000 };
}

/** Two tunnels may lie in one another; the third drops the packet and logs it, as if_ipsec.c does. */
async function runRecursive({ one, two }: RouterPair, plan: CasePlan): Promise<void> {
  const [own, far] = [one.addresses, two.addresses];
  const main = mainTunnel(one, two, plan);
  // Tunnels in a tunnel are of its inner version throughout.
  const base = { ...plan, outer: plan.inner };
  const chain: readonly Tunnel[] = [
    { ...base, name: 'ipsec1', local: main.own, peer: main.far, own: own.recursive1, far: far.recursive1, spi: 30000 },
    {
      ...base,
      name: 'ipsec2',
      local: own.recursive1,
      peer: far.recursive1,
      own: own.recursive2,
      far: far.recursive2,
      spi: 40000,
    },
  ];
  for (const tunnel of chain) {
    await createInterface(one, tunnel);
    await addAssociations(one, tunnel, true);
  }
  assert.equal(await one.ping(null, far.recursive2[plan.inner]), false);
  assert.match(await one.readLog(), /ipsec0: recursively called too many times/);
}
