/**
 * `culvert plan` and `culvert apply --confirm` over two real gateways: what is as the file says is not touched, and a
 * change that nobody confirms takes itself back, also when the command was killed.
 * @module
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { Culvertd } from '#test/support/culvertd.ts';
import { missingForTunnels } from '#test/support/native-package.ts';
import { joinByVeth, NetworkNamespace } from '#test/support/network-namespace.ts';

/** Reqids of ipsec0's and ipsec1's IPv4 policies with fixed reqids: 8192 + 2 for each unit. */
const associations = (reqid: number, first: number): string => `
add 192.0.2.1 192.0.2.2 esp ${first} -m transport -u ${reqid} -E aes-cbc 0x000102030405060708090a0b0c0d0e0f -A hmac-sha256 0x${'11'.repeat(32)};
add 192.0.2.2 192.0.2.1 esp ${first + 1} -m transport -u ${reqid} -E aes-cbc 0x101112131415161718191a1b1c1d1e1f -A hmac-sha256 0x${'22'.repeat(32)};
`;

const ipsec0 = (own: 1 | 2, mtu = 1280): string => `create
mtu ${mtu}
-link2
tunnel 192.0.2.${own} 192.0.2.${3 - own}
inet 172.16.${own}.1/32 172.16.${3 - own}.1
up
`;

suite('culvert apply in namespaces', { skip: missingForTunnels() ?? false }, () => {
  let left: NetworkNamespace;
  let right: NetworkNamespace;
  let gateways: readonly [Culvertd, Culvertd];
  let folder: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'culvert-apply-'));
    left = new NetworkNamespace('left');
    right = new NetworkNamespace('right');
    joinByVeth(
      { namespace: left, device: 'wan0', addresses: ['192.0.2.1/24'] },
      { namespace: right, device: 'wan0', addresses: ['192.0.2.2/24'] },
    );
    gateways = [await Culvertd.start(left, '--fixed-reqid'), await Culvertd.start(right, '--fixed-reqid')];
    for (const name of ['left', 'right']) mkdirSync(join(folder, name));
    writeFileSync(join(folder, 'sa.conf'), associations(8192, 0x1001));
    write('left', ipsec0(1));
    write('right', ipsec0(2));
  });
  after(async () => {
    for (const culvertd of gateways) await culvertd.dispose();
    left.remove();
    right.remove();
    rmSync(folder, { recursive: true });
  });

  /** A file named after its interface, in the folder of its gateway. */
  const write = (name: string, text: string): void => writeFileSync(join(folder, name, 'ifconfig.ipsec0'), text);
  const files = (name: string): readonly string[] => [join(folder, name, 'ifconfig.ipsec0'), join(folder, 'sa.conf')];
  const culvert = (
    side: 0 | 1,
    ...words: readonly string[]
  ): { status: number | null; stdout: string; stderr: string } => {
    const namespace = side === 0 ? left : right;
    return namespace.run(process.execPath, 'core/cli/main.ts', '--socket', gateways[side].socket, ...words);
  };
  const done = (side: 0 | 1, ...words: readonly string[]): string => {
    const { status, stdout, stderr } = culvert(side, ...words);
    assert.equal(status, 0, `${words.join(' ')}: ${stdout}${stderr}`);
    return stdout;
  };
  const pings = (): boolean => left.run('ping', '-c', '3', '-i', '0.2', '-W', '2', '172.16.2.1').status === 0;
  const mtu = async (): Promise<number> => (await gateways[0].ask('status.get', {})).interfaces[0]?.mtu ?? 0;
  const until = async (isSo: () => Promise<boolean>): Promise<void> => {
    for (let turn = 0; turn < 150 && !(await isSo()); turn++) await new Promise((resolve) => setTimeout(resolve, 100));
    assert.ok(await isSo(), gateways[0].log.slice(-2000));
  };

  test('files become two gateways that ping, and then the plan is empty', () => {
    for (const [side, name] of [
      [0, 'left'],
      [1, 'right'],
    ] as const) {
      assert.equal(culvert(side, 'plan', ...files(name)).status, 2);
      done(side, 'apply', ...files(name));
      assert.equal(culvert(side, 'plan', ...files(name)).status, 0);
    }
    assert.ok(pings());
  });

  test('a changed MTU loses no packet of a running ping, and the associations go on where they were', async () => {
    const sequence = async (): Promise<number> => {
      const { associations: list } = await gateways[0].ask('status.get', {});
      return list.find(({ source }) => source === '192.0.2.1')?.usage.sequence ?? 0;
    };
    const before = await sequence();
    const running = left.start('ping', '-c', '40', '-i', '0.05', '-W', '2', '172.16.2.1');
    let output = '';
    running.stdout?.on('data', (chunk) => (output += String(chunk)));
    const ended = new Promise((resolve) => running.once('exit', resolve));
    write('left', ipsec0(1, 1400));
    done(0, 'apply', ...files('left'));
    await ended;
    assert.match(output, / 0% packet loss/);
    assert.equal(await mtu(), 1400);
    assert.equal((await sequence()) - before, 40);
  });

  test('a change that nobody confirms takes itself back', async () => {
    write('left', ipsec0(1, 1350));
    done(0, 'apply', ...files('left'), '--confirm', '2s');
    assert.equal(await mtu(), 1350);
    await until(async () => (await mtu()) === 1400);
    assert.ok(pings());
  });

  test('a change that cuts the tunnel, by a command that is killed, takes itself back', async () => {
    write('left', '');
    const child = left.start(
      process.execPath,
      ...['core/cli/main.ts', '--socket', gateways[0].socket, 'apply', ...files('left'), '--confirm', '4s'],
    );
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await until(async () => (await gateways[0].ask('status.get', {})).interfaces[0]?.tunnel == null);
    child.kill('SIGKILL');
    await ended;
    assert.equal(pings(), false);
    await until(async () => (await mtu()) === 1400);
    await until(async () => pings());
  });

  test('a culvertd that is killed before a change is confirmed comes back with the configuration of before', async () => {
    const interfaces = async () => (await gateways[0].ask('status.get', {})).interfaces;
    const before = await mtu();
    write('left', `${ipsec0(1, 1340)}inet 172.16.1.77/32 172.16.2.77\n`);
    writeFileSync(join(folder, 'left', 'ifconfig.ipsec9'), 'create\ninet 172.16.9.1/32 172.16.9.2\nup\n');
    done(0, 'apply', ...files('left'), join(folder, 'left', 'ifconfig.ipsec9'), '--confirm', '10m');
    assert.deepEqual([await mtu(), left.devices().includes('ipsec9')], [1340, true]);
    await gateways[0].kill('SIGKILL');
    gateways = [await Culvertd.restart(gateways[0].directory, left, '--fixed-reqid'), gateways[1]];
    assert.deepEqual(
      (await interfaces()).map(({ name, mtu: own, addresses }) => [name, own, addresses.map(({ address }) => address)]),
      [['ipsec0', before, ['172.16.1.1']]],
    );
    assert.deepEqual(
      [left.devices().includes('ipsec9'), left.ip('address show').includes('172.16.1.77')],
      [false, false],
      gateways[0].log.slice(-2500) + left.ip('address show'),
    );
    assert.ok(pings(), 'its associations are those of before');
    const { pending, lastRevert } = await gateways[0].ask('configuration.pending', {});
    assert.deepEqual([pending, lastRevert?.why, lastRevert?.problem], [null, 'killed', null]);
    assert.match(done(0, 'confirm', '--status'), /culvertd was killed before anybody confirmed it/);
    assert.ok(!readdirSync(join(gateways[0].directory, 'state')).some((name) => name.startsWith('unconfirmed')));
    assert.ok(!gateways[0].log.includes('00010203040506070809'), 'no key is in the log');
    // Once: what nobody has left unconfirmed is forgotten with culvertd, as ever.
    write('left', `${ipsec0(1, before)}inet 172.16.1.78/32 172.16.2.78\n`);
    done(0, 'apply', ...files('left'));
    await gateways[0].kill('SIGKILL');
    gateways = [await Culvertd.restart(gateways[0].directory, left, '--fixed-reqid'), gateways[1]];
    assert.deepEqual(await interfaces(), []);
    assert.ok(left.ip('address show').includes('172.16.1.78'));
    write('left', ipsec0(1, before));
    done(0, 'apply', ...files('left'));
    assert.ok(!left.ip('address show').includes('172.16.1.78'), 'what the files do not name goes');
    assert.ok(pings());
  });

  test('what is confirmed stays, and what is taken back by hand goes at once', async () => {
    write('left', ipsec0(1, 1300));
    done(0, 'apply', ...files('left'), '--confirm', '60s');
    done(0, 'confirm', '--revert');
    assert.equal(await mtu(), 1400);
    done(0, 'apply', ...files('left'), '--confirm', '60s');
    done(0, 'confirm');
    assert.equal(culvert(0, 'confirm', '--revert').status, 1);
    assert.equal(await mtu(), 1300);
    assert.ok(pings());
  });
});
