/**
 * A profile's networks fail closed over a real kernel: whatever takes the tunnel away, nothing of them is seen on the outer
 * link, until the profile is taken down on purpose. The machine has default routes to where they would leave in the clear.
 * @module
 */
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { afterEach, beforeEach, suite, test } from 'node:test';
import type { ProfileAnswer } from '#core/api/profile-contract.ts';
import type { ProfileInput } from '#core/profile/profile.ts';
import { generateSecrets } from '#core/profile/manual-keys.ts';
import { SeededRandom } from '#core/host/memory/seeded-random.ts';
import { Culvertd } from '#test/support/culvertd.ts';
import { missingForTunnels } from '#test/support/native-package.ts';
import { joinByVeth, NetworkNamespace } from '#test/support/network-namespace.ts';
import { exampleProfile } from '#test/support/profile/profiles.ts';

const name = 'office';
/** How often culvertd is killed in the middle of something; more by hand. */
const killTurns = 2 * Math.ceil(Number(process.env['CULVERT_KILL_TURNS'] ?? 6) / 2);
/** Behind the tunnel, and reached in the clear by the default routes. */
const inner = ['198.51.100.9', '2001:db8:99::9'] as const;
const routes = ['198.51.100.0/24', '2001:db8:99::/48'];

/** A datagram to each address every five milliseconds; what the system refuses is not its business. */
const senderScript = `
  import { createSocket } from 'node:dgram';
  for (const [type, address] of [['udp4', '${inner[0]}'], ['udp6', '${inner[1]}']]) {
    const socket = createSocket(type);
    socket.on('error', () => undefined);
    setInterval(() => socket.send('inner', 4242, address, () => undefined), 5);
  }`;

suite('a profile fails closed', { skip: missingForTunnels() ?? false }, () => {
  const cleanups: (() => void | Promise<void>)[] = [];
  let gateway: NetworkNamespace;
  let peer: NetworkNamespace;
  let culvertd: Culvertd;
  let seen: string;

  const start = (namespace: NetworkNamespace, ...words: readonly string[]): ChildProcess => {
    const [command = '', ...args] = words;
    const child = namespace.start(command, ...args);
    cleanups.unshift(() => end(child));
    return child;
  };

  beforeEach(async () => {
    const make = (suffix: string): NetworkNamespace => {
      const namespace = new NetworkNamespace(suffix);
      cleanups.unshift(() => namespace.remove());
      return namespace;
    };
    [gateway, peer] = [make('shut-a'), make('shut-b')];
    joinByVeth(
      { namespace: gateway, device: 'wan0', addresses: ['192.0.2.1/24', '2001:db8:1::1/64'] },
      { namespace: peer, device: 'wan0', addresses: ['192.0.2.2/24', '192.0.2.3/24', '2001:db8:1::2/64'] },
    );
    gateway.ip('route add default via 192.0.2.3');
    gateway.ip('-6 route add default via 2001:db8:1::2');
    seen = '';
    const capture = start(peer, 'tcpdump', '-i', 'wan0', '-n', '-p', '-l', '--immediate-mode', '-Z', 'root');
    capture.stdout?.setEncoding('latin1').on('data', (text: string) => (seen += text));
    start(gateway, process.execPath, '--input-type=module', '-e', senderScript);
    culvertd = await Culvertd.start(gateway);
    cleanups.unshift(() => culvertd.dispose());
    await until(() => isClear(0) && isClear(1), 'both are in the clear without a tunnel');
  });
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0)) await cleanup();
  });

  const isClear = (index: 0 | 1): boolean => seen.split('\n').some((line) => line.includes(inner[index]));
  const isEsp = (): boolean => seen.includes('ESP(spi=');
  /** Whatever was on its way is through; from here on nothing may be seen in the clear until `checkClosed`. */
  const listen = async (): Promise<void> => {
    await passMarker();
    seen = '';
  };
  /** An echo request that is sent now is seen after everything that was sent before it. */
  const passMarker = async (): Promise<void> => {
    const count = (): number => seen.split('192.0.2.3: ICMP echo request').length;
    const before = count();
    await until(() => {
      gateway.run('ping', '-n', '-c', '1', '-W', '1', '192.0.2.3');
      return count() > before;
    }, 'the outer link is seen');
  };
  const checkClosed = async (): Promise<void> => {
    // Some hundred datagrams of the sender, then one that must be seen.
    await new Promise((resolve) => setTimeout(resolve, 300));
    await passMarker();
    const clear = seen.split('\n').filter((line) => inner.some((address) => line.includes(address)));
    assert.deepEqual(clear, []);
  };
  const bringUp = async (changes: Partial<ProfileInput> = {}): Promise<void> => {
    const profile = exampleProfile({ routes, networks: [], ...changes });
    await culvertd.ask('profile.create', { profile, secrets: generateSecrets(profile.keys, new SeededRandom(9)) });
    assert.equal((await culvertd.ask('profile.up', { name })).phase, 'on');
    await listen();
    await until(isEsp, 'the tunnel carries');
  };
  const show = (): Promise<ProfileAnswer> => culvertd.ask('profile.show', { name });

  test('its device is deleted by another program: refused and told, until it is up anew; down gives the networks back', async () => {
    await bringUp();
    gateway.ip('link del ipsec0');
    await checkClosed();
    await until(async () => (await show()).problem?.code === 'PROFILE_LOST', 'it is told');
    const lost = await show();
    assert.deepEqual([lost.phase, lost.tunnelState, lost.refused], ['on', 'lost', routes]);
    const { profiles } = await culvertd.ask('profile.list', {});
    assert.equal(profiles[0]?.problem?.code, 'PROFILE_LOST');
    const again = await culvertd.ask('profile.up', { name });
    assert.deepEqual([again.phase, again.problem, again.refused], ['on', null, []]);
    await listen();
    await until(isEsp, 'the tunnel carries again');
    await checkClosed();
    await culvertd.ask('interface.destroy', { name: 'ipsec0' });
    await checkClosed();
    assert.deepEqual((await show()).problem?.code, 'PROFILE_LOST');
    assert.deepEqual((await culvertd.ask('profile.down', { name })).refused, []);
    await until(() => isClear(0) && isClear(1), 'down on purpose: they take the default routes');
    assert.ok(!/unreachable/.test(gateway.ip('route show') + gateway.ip('-6 route show')));
  });

  test('its device is set down and up, or its routes are flushed: refused and told, and up makes it anew', async () => {
    await bringUp();
    const attacks = [
      ['link set ipsec0 down', 'link set ipsec0 up'],
      ['address flush dev ipsec0'],
      ['route flush dev ipsec0', '-6 route flush dev ipsec0'],
      // Also what refuses: it comes back by itself.
      ['route flush proto 117', '-6 route flush proto 117'],
    ];
    for (const attack of attacks) {
      for (const command of attack) gateway.ip(command);
      await until(async () => (await show()).problem?.code === 'PROFILE_LOST', `told after ${attack.join()}`);
      await listen();
      await checkClosed();
      const { phase, refused } = await show();
      assert.deepEqual([phase, refused.length > 0], ['on', true]);
      const again = await culvertd.ask('profile.up', { name });
      assert.deepEqual([again.phase, again.problem, again.refused], ['on', null, []]);
      await until(isEsp, 'the tunnel carries again');
      await checkClosed();
    }
    assert.match(culvertd.log, /another program has removed routes of a profile/);
    assert.match(culvertd.log, /they are back/);
  });

  test('a device that another program changes is told, also without routes; up makes the profile, and ifconfig up the interface, whole', async () => {
    const profile = exampleProfile({ routes: [], networks: [] });
    await culvertd.ask('profile.create', { profile, secrets: generateSecrets(profile.keys, new SeededRandom(9)) });
    assert.equal((await culvertd.ask('profile.up', { name })).phase, 'on');
    const device = (): string => gateway.ip('address show dev ipsec0');
    const altered = async () => (await culvertd.ask('status.get', {})).interfaces[0]?.altered;
    gateway.ip('address flush dev ipsec0');
    await until(async () => (await show()).problem?.code === 'PROFILE_LOST', 'the flush is told');
    assert.match((await show()).problem?.message ?? '', /removed addresses of ipsec0: 172\.16\.1\.1, fd00::1:1/);
    assert.deepEqual(await altered(), { isDown: false, missing: ['172.16.1.1', 'fd00::1:1'], mtu: null });
    assert.equal((await culvertd.ask('profile.up', { name })).problem, null);
    assert.match(device(), /172\.16\.1\.1[^]*fd00::1:1/);

    for (const command of ['link set ipsec0 down', 'address flush dev ipsec0', 'link set ipsec0 mtu 1400'])
      gateway.ip(command);
    await until(async () => (await altered())?.isDown === true, 'what is down is told');
    assert.deepEqual(await altered(), { isDown: true, missing: ['172.16.1.1', 'fd00::1:1'], mtu: 1400 });
    const { stdout } = gateway.run(process.execPath, 'core/cli/main.ts', '--socket', culvertd.socket, 'status');
    assert.match(stdout, /ipsec0: another program has set its device down/);
    await culvertd.ask('interface.setFlags', { name: 'ipsec0', isUp: true });
    assert.equal(await altered(), null, 'at once');
    assert.match(device(), /[<,]UP[,>][^]*mtu 1280[^]*172\.16\.1\.1[^]*fd00::1:1/);
    gateway.ip('link set ipsec0 mtu 1400');
    await until(async () => (await altered())?.mtu === 1400, 'another MTU is told');
    assert.equal((await show()).problem, null);
  });

  test('culvertd is killed, also without a device left, and ended in order: refused until down, or --remove-leftovers', async () => {
    await bringUp();
    await culvertd.kill('SIGKILL');
    await checkClosed();
    gateway.ip('link del ipsec0');
    await checkClosed();
    culvertd = await Culvertd.restart(culvertd.directory, gateway);
    assert.deepEqual([(await show()).phase, (await show()).refused], ['off', routes]);
    assert.equal((await culvertd.ask('profile.up', { name })).phase, 'on');
    await culvertd.kill('SIGKILL');
    culvertd = await Culvertd.restart(culvertd.directory, gateway);
    await checkClosed();
    assert.deepEqual((await culvertd.ask('profile.down', { name })).refused, []);
    await until(() => isClear(0) && isClear(1), 'restart and down gives them back');
    assert.deepEqual(gateway.devices(), ['wan0']);

    assert.equal((await culvertd.ask('profile.up', { name })).phase, 'on');
    await listen();
    assert.equal(await culvertd.kill('SIGTERM'), 0);
    await checkClosed();
    assert.match(culvertd.log, /stay refused/);
    const { stdout } = gateway.run(process.execPath, 'core/helper/main.ts', '--remove-leftovers');
    assert.match(stdout, /198\.51\.100\.0\/24 is refused no longer/);
    await until(() => isClear(0) && isClear(1), 'they take the default routes');
  });

  test('killed at any moment of up and down: nothing in the clear, the profile is whole, and up and down work as ever', async () => {
    await bringUp({ failClosed: 'always' });
    const random = new SeededRandom(21);
    const delay = new Uint8Array(1);
    for (let turn = 0; turn < killTurns; turn++) {
      const method = turn % 2 === 0 ? 'profile.down' : 'profile.up';
      random.fill(delay);
      // The command is on its way, or done; its answer may never come.
      culvertd.request(method, { name }).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, (delay[0] ?? 0) / 2));
      await culvertd.kill('SIGKILL');
      await checkClosed();
      culvertd = await Culvertd.restart(culvertd.directory, gateway);
      assert.deepEqual((await culvertd.ask('profile.list', {})).setAside, []);
      if (method === 'profile.down') assert.equal((await culvertd.ask('profile.up', { name })).phase, 'on');
      else assert.deepEqual((await culvertd.ask('profile.down', { name })).refused, routes);
      await checkClosed();
      if (method === 'profile.up') assert.deepEqual(gateway.devices(), ['wan0']);
    }
    assert.equal((await culvertd.ask('profile.show', { name })).phase, 'off');
  });

  test('"always" refuses before up and after down, "never" leaves the way open', async () => {
    await bringUp({ failClosed: 'always' });
    await culvertd.ask('profile.down', { name });
    await checkClosed();
    await culvertd.kill('SIGTERM');
    await checkClosed();
    culvertd = await Culvertd.restart(culvertd.directory, gateway);
    await checkClosed();
    const { profile, savedRevision: revision } = await show();
    const never = { ...profile, failClosed: 'never' as const };
    await culvertd.ask('profile.edit', { name, revision, profile: never, secrets: 'keep' });
    await until(() => isClear(0) && isClear(1), 'an edit ends it');
    await culvertd.ask('profile.up', { name });
    await listen();
    gateway.ip('link del ipsec0');
    await until(() => isClear(0) && isClear(1), 'never: as on NetBSD');
  });

  test('a default route leads all but the tunnel itself into the tunnel, and survives another way to the peer', async () => {
    peer.ip('address add 203.0.113.2/32 dev lo');
    peer.ip('address add 192.0.2.4/24 dev wan0');
    await bringUp({ peer: { host: '203.0.113.2' }, routes: ['0.0.0.0/0', '::/0'] });
    await checkClosed();
    assert.match(gateway.ip('route get 203.0.113.2'), /via 192\.0\.2\.3 dev wan0/);
    gateway.ip('route replace default via 192.0.2.4');
    await until(() => /via 192\.0\.2\.4/.test(gateway.ip('route get 203.0.113.2')), 'it follows the default route');
    await listen();
    await until(isEsp, 'the tunnel carries');
    gateway.ip('link del ipsec0');
    await checkClosed();
    await culvertd.ask('profile.down', { name });
    assert.ok(!/unreachable|203\.0\.113/.test(gateway.ip('route show') + gateway.ip('-6 route show')));
    await until(() => isClear(0) && isClear(1), 'they take the default routes');
  });
});

async function until(isTrue: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const limit = Date.now() + 30_000;
  while (!(await isTrue())) {
    assert.ok(Date.now() < limit, what);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await exit;
}
