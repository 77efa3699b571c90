/**
 * Two gateways from one profile and its mirror, in namespaces: ping through routes that the profiles made, restart, and
 * down leaves nothing.
 * @module
 */
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { ProfileInput } from '#core/profile/profile.ts';
import { peerProfile, peerSecrets } from '#core/profile/peer-profile.ts';
import { generatePairs, generateSecrets, recommendedSuite } from '#core/profile/manual-keys.ts';
import { parseProfile } from '#core/profile/stored-profile.ts';
import { SeededRandom } from '#core/host/memory/seeded-random.ts';
import { missingForTunnels } from '#test/support/native-package.ts';
import { Culvertd } from '#test/support/culvertd.ts';
import { joinByVeth, NetworkNamespace } from '#test/support/network-namespace.ts';

type Gateway = { readonly namespace: NetworkNamespace; culvertd: Culvertd };

const random = new SeededRandom(4);

/** The left end's profile; `auto` and a port where NAT-T is asked for. */
function leftInput(name: string, link0: boolean): ProfileInput {
  return {
    name,
    interface: 'ipsec0',
    local: { host: link0 ? 'auto' : '192.0.2.1' },
    peer: { host: '192.0.2.2' },
    flags: { link0 },
    mtu: 1400,
    addresses: [
      { address: '172.16.1.1', prefixLength: 32, peer: '172.16.2.1' },
      { address: 'fd00::1:1', prefixLength: 128, peer: 'fd00::2:1' },
    ],
    routes: ['10.2.0.0/24', 'fd02::/64'],
    networks: ['10.1.0.0/24', 'fd01::/64'],
    keys: {
      kind: 'manual',
      ...recommendedSuite,
      pairs: generatePairs({ link0, link2: true }, random, () => false),
    },
    startup: 'up',
  };
}

suite('profiles in namespaces', { skip: missingForTunnels() ?? false }, () => {
  let left: Gateway;
  let right: Gateway;
  const cleanups: (() => void | Promise<void>)[] = [];

  const makeNamespace = (suffix: string): NetworkNamespace => {
    const namespace = new NetworkNamespace(suffix);
    cleanups.unshift(() => namespace.remove());
    return namespace;
  };
  const startIn = async (namespace: NetworkNamespace): Promise<Gateway> => {
    const gateway = { namespace, culvertd: await Culvertd.start(namespace) };
    cleanups.unshift(() => gateway.culvertd.dispose());
    return gateway;
  };

  before(async () => {
    const namespaces = [makeNamespace('left'), makeNamespace('right')] as const;
    joinByVeth(
      { namespace: namespaces[0], device: 'wan0', addresses: ['192.0.2.1/24'] },
      { namespace: namespaces[1], device: 'wan0', addresses: ['192.0.2.2/24'] },
    );
    // Addresses of the networks behind the gateways; enough for pings that need the routes.
    for (const [index, namespace] of namespaces.entries()) {
      namespace.ip(`address add 10.${index + 1}.0.1/24 dev lo`);
      namespace.ip(`address add fd0${index + 1}::1/64 dev lo nodad`);
    }
    left = await startIn(namespaces[0]);
    right = await startIn(namespaces[1]);
  });
  after(async () => {
    for (const cleanup of cleanups) await cleanup();
  });

  const routes = ({ namespace }: Gateway): string => namespace.ip('route show') + namespace.ip('-6 route show');
  const check = (): void => {
    const replies = [
      ping(left.namespace, '172.16.2.1', '172.16.1.1'),
      ping(left.namespace, '10.2.0.1', '10.1.0.1'),
      ping(right.namespace, 'fd01::1', 'fd02::1'),
    ];
    assert.deepEqual(replies, [3, 3, 3], `${left.culvertd.log}\n${right.culvertd.log}`);
  };

  for (const link0 of [false, true]) {
    const name = link0 ? 'over UDP' : 'plain';
    test(`one profile and its mirror carry pings ${name}, and down takes away all that up made`, async () => {
      const before = [routes(left), routes(right)];
      const profile = parseProfile(leftInput(name, link0));
      const secrets = generateSecrets(profile.keys, random);
      const mirror = peerProfile(profile, '192.0.2.1');
      assert.deepEqual(mirror.gaps, []);
      await left.culvertd.ask('profile.create', { profile, secrets });
      await right.culvertd.ask('profile.create', { profile: mirror.profile, secrets: peerSecrets(secrets) });
      const ups = [await left.culvertd.ask('profile.up', { name }), await right.culvertd.ask('profile.up', { name })];
      assert.deepEqual(
        ups.map(({ phase, problem }) => [phase, problem]),
        [
          ['on', null],
          ['on', null],
        ],
      );
      check();
      assert.equal((await left.culvertd.ask('profile.show', { name })).tunnelState, 'up');

      for (const gateway of [left, right]) {
        assert.equal((await gateway.culvertd.ask('profile.down', { name })).phase, 'off');
        const { interfaces, associations, policies } = await gateway.culvertd.ask('status.get', {});
        assert.deepEqual([interfaces, associations, policies], [[], [], []]);
        assert.deepEqual(gateway.namespace.devices(), ['wan0']);
      }
      assert.deepEqual([routes(left), routes(right)], before);
      await left.culvertd.ask('profile.delete', { name });
      await right.culvertd.ask('profile.delete', { name });
    });
  }

  test('after the helper was killed, what is meant to be up is up again, with the same keys, and carries pings', async () => {
    const profile = parseProfile(leftInput('office', false));
    const secrets = generateSecrets(profile.keys, random);
    await left.culvertd.ask('profile.create', { profile, secrets });
    const mirror = peerProfile(profile);
    await right.culvertd.ask('profile.create', { profile: mirror.profile, secrets: peerSecrets(secrets) });
    await left.culvertd.ask('profile.up', { name: 'office' });
    await right.culvertd.ask('profile.up', { name: 'office' });
    check();
    await left.culvertd.kill('SIGKILL');
    left.culvertd = await Culvertd.restart(left.culvertd.directory, left.namespace);
    await until(async () => (await left.culvertd.ask('profile.show', { name: 'office' })).phase === 'on');
    check();
    assert.ok(!left.culvertd.log.includes(secrets.pairs[0]?.out.encryption ?? ''));
    for (const gateway of [left, right]) await gateway.culvertd.ask('profile.down', { name: 'office' });
    assert.deepEqual([left.namespace.devices(), right.namespace.devices()], [['wan0'], ['wan0']]);
  });
});

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await isTrue())) {
    assert.ok(Date.now() < end, 'it takes too long');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function ping(namespace: NetworkNamespace, address: string, source: string): number {
  const { stdout } = namespace.run('ping', '-n', '-c', '3', '-i', '0.05', '-W', '3', '-I', source, address);
  return Number(/(\d+) received/.exec(stdout)?.[1] ?? 0);
}
