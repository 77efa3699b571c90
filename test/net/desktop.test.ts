/**
 * What the window's screens ask, of real helpers in namespaces: outlook and networks of a machine, the ladder of checks
 * over a tunnel that works, one whose far end is down and one whose path loses large packets, history and timeline.
 * @module
 */
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { CheckView } from '#core/api/desktop-contract.ts';
import { SeededRandom } from '#core/host/memory/seeded-random.ts';
import { generatePairs, generateSecrets, recommendedSuite } from '#core/profile/manual-keys.ts';
import { peerProfile, peerSecrets } from '#core/profile/peer-profile.ts';
import { parseProfile } from '#core/profile/stored-profile.ts';
import { Culvertd } from '#test/support/culvertd.ts';
import { missingForTunnels } from '#test/support/native-package.ts';
import { joinByVeth, NetworkNamespace } from '#test/support/network-namespace.ts';

const random = new SeededRandom(11);
const profile = parseProfile({
  name: 'office',
  interface: 'ipsec0',
  local: { host: 'auto' },
  peer: { host: '192.0.2.2' },
  mtu: 1400,
  addresses: [
    { address: '172.16.1.1', prefixLength: 32, peer: '172.16.2.1' },
    { address: 'fd00::1:1', prefixLength: 128, peer: 'fd00::2:1' },
  ],
  routes: ['10.2.0.0/24'],
  keys: {
    kind: 'manual',
    ...recommendedSuite,
    pairs: generatePairs({ link0: false, link2: true }, random, () => false),
  },
});

suite('what the screens ask, in namespaces', { skip: missingForTunnels() ?? false }, () => {
  let namespaces: readonly [NetworkNamespace, NetworkNamespace];
  let left: Culvertd;
  let right: Culvertd;
  const cleanups: (() => void | Promise<void>)[] = [];

  before(async () => {
    const make = (suffix: string): NetworkNamespace => {
      const namespace = new NetworkNamespace(suffix);
      cleanups.unshift(() => namespace.remove());
      return namespace;
    };
    namespaces = [make('deskl'), make('deskr')];
    joinByVeth(
      { namespace: namespaces[0], device: 'wan0', addresses: ['192.0.2.1/24'] },
      { namespace: namespaces[1], device: 'wan0', addresses: ['192.0.2.2/24'] },
    );
    left = await Culvertd.start(namespaces[0]);
    cleanups.unshift(() => left.dispose());
    right = await Culvertd.start(namespaces[1]);
    cleanups.unshift(() => right.dispose());
    const secrets = generateSecrets(profile.keys, random);
    await left.ask('profile.create', { profile, secrets });
    const mirror = peerProfile(profile, '192.0.2.1').profile;
    await right.ask('profile.create', { profile: mirror, secrets: peerSecrets(secrets) });
  });
  after(async () => {
    for (const cleanup of cleanups) await cleanup();
  });

  const verify = async (target: string | null = null): Promise<Map<string, CheckView>> => {
    const { checks } = await left.ask('tunnel.verify', { name: 'office', target });
    return new Map(checks.map((check) => [check.id, check]));
  };
  const told = (checks: ReadonlyMap<string, CheckView>): string =>
    [...checks.values()].map(({ id, state, evidence }) => `${id} ${state}: ${evidence}`).join('\n');

  test('the kernel’s own way to a peer, before there is a tunnel', async () => {
    assert.deepEqual(await left.ask('host.outlook', { peer: '192.0.2.2' }), {
      ...{ resolved: ['192.0.2.2'], peer: '192.0.2.2', source: '192.0.2.1', device: 'wan0', gateway: null },
      ...{ mtu: 1500, isThroughTunnel: null, problem: null },
    });
    const { problem } = await left.ask('host.outlook', { peer: '198.51.100.1' });
    assert.equal(problem?.code, 'ROUTE_NOT_FOUND');
    const { addresses, routes } = await left.ask('host.networks', {});
    assert.ok(
      addresses.some(
        ({ device, address, prefixLength }) => device === 'wan0' && address === '192.0.2.1' && prefixLength === 24,
      ),
    );
    assert.ok(routes.some(({ destination, device }) => destination === '192.0.2.0/24' && device === 'wan0'));
  });

  test('the preview of a profile is what is there once it is up', async () => {
    const preview = await left.ask('profile.preview', { profile, id: null });
    assert.deepEqual(
      preview.conflicts.filter(({ severity }) => severity === 'error'),
      [],
    );
    for (const helper of [left, right]) assert.equal((await helper.ask('profile.up', { name: 'office' })).phase, 'on');
    const { policies, associations } = await left.ask('status.get', {});
    const real = policies.map(({ direction, upperProtocol, action }) => `${direction} ${upperProtocol} ${action}`);
    assert.equal(real.length, preview.policies.length);
    assert.deepEqual(associations.map(({ spi }) => spi).sort(), preview.associations.map(({ spi }) => spi).sort());
    assert.ok(namespaces[0].ip('route show').includes('10.2.0.0/24 dev ipsec0'));
  });

  test('every rung passes over a tunnel that works, with both inner families', async () => {
    for (const target of [null, 'fd00::2:1']) {
      const checks = await verify(target);
      assert.ok(
        [...checks.values()].every(({ state }) => state === 'passed'),
        told(checks),
      );
      assert.equal(checks.get('path-mtu')?.evidence, 'A packet of 1400 bytes passed.');
    }
  });

  test('a way that large packets do not fit, and may not be cut for, is found at "path-mtu" with an MTU that passes', async () => {
    namespaces[0].ip('link set wan0 mtu 1200');
    await left.ask('interface.setOptions', { name: 'ipsec0', dontFragment: 'set' });
    const checks = await verify();
    namespaces[0].ip('link set wan0 mtu 1500');
    await left.ask('interface.setOptions', { name: 'ipsec0', dontFragment: 'clear' });
    assert.equal(checks.get('ping')?.state, 'passed', told(checks));
    assert.equal(checks.get('path-mtu')?.state, 'failed', told(checks));
    const named = Number(/mtu (\d+)/.exec(checks.get('path-mtu')?.remedy ?? '')?.[1]);
    // AES-CBC with HMAC-SHA2-256 in 1200 bytes over IPv4: 20 + 8 + 16 + 16 around, in blocks of 16.
    assert.ok(named <= 1134 && named > 1134 - 33, `${named}`);
  });

  test('a far end that is down fails at "heard", and the timeline and the history have seen it', async () => {
    await right.ask('profile.down', { name: 'office' });
    const checks = await verify();
    assert.deepEqual(
      ['keys', 'sent', 'heard', 'ping'].map((id) => checks.get(id)?.state),
      ['passed', 'passed', 'failed', 'skipped'],
      told(checks),
    );
    await new Promise((resolve) => setTimeout(resolve, 2200));
    const { events } = await left.ask('timeline.list', { name: 'ipsec0', limit: 50 });
    assert.ok(
      events.some(({ kind }) => kind === 'tunnel-up'),
      JSON.stringify(events),
    );
    const { events: about } = await left.ask('timeline.list', { name: 'office', limit: 50 });
    assert.deepEqual(
      about.map(({ kind }) => kind),
      ['profile-on', 'profile-starting', 'profile-created'],
    );
    const { points } = await left.ask('history.get', { name: 'ipsec0', span: '1min' });
    assert.ok(points.some(({ outPackets }) => outPackets !== null && outPackets > 0));
    const { checks: down } = await right.ask('tunnel.verify', { name: 'office', target: null });
    assert.equal(down[0]?.state, 'failed');
  });
});
