/**
 * What who watches the wire does not see, on Linux: lengths (RFC 4303 §2.7), also of TCP's super-packets, and silence
 * (§2.6); and packets that are cut before ESP, for a NAT that loses fragments. Two culvertds in namespaces, joined directly.
 * @module
 */
import assert from 'node:assert/strict';
import { after, afterEach, before, suite, test } from 'node:test';
import { Culvertd } from '#test/support/culvertd.ts';
import { missingForTunnels } from '#test/support/native-package.ts';
import { joinByVeth, NetworkNamespace } from '#test/support/network-namespace.ts';

type Gateway = { readonly namespace: NetworkNamespace; readonly culvertd: Culvertd; readonly outer: string };

const name = 'ipsec0';
const mtu = 1400;
/** ESP around a packet of the whole MTU: header, IV, trailer to four bytes, ICV of AES-GCM-16. */
const fullEspBytes = 8 + 8 + mtu + 4 + 16;

suite('hidden traffic', { skip: missingForTunnels() ?? false }, () => {
  const cleanups: (() => void | Promise<void>)[] = [];
  const gateways: Gateway[] = [];

  before(async () => {
    const namespaces = ['left', 'right'].map((suffix) => new NetworkNamespace(`hidden-${suffix}`));
    for (const namespace of namespaces) cleanups.unshift(() => namespace.remove());
    const [left, right] = namespaces;
    assert.ok(left !== undefined && right !== undefined);
    joinByVeth(
      { namespace: left, device: 'wan0', addresses: ['192.0.2.1/24'] },
      { namespace: right, device: 'wan0', addresses: ['192.0.2.2/24'] },
    );
    for (const [index, namespace] of namespaces.entries()) {
      const culvertd = await Culvertd.start(namespace);
      cleanups.unshift(() => culvertd.dispose());
      gateways.push({ namespace, culvertd, outer: `192.0.2.${index + 1}` });
    }
  });
  after(async () => {
    for (const cleanup of cleanups) await cleanup();
  });
  afterEach(async () => {
    for (const { culvertd } of gateways) {
      await culvertd.ask('interface.destroy', { name });
      await culvertd.ask('association.flush', {});
    }
  });

  test('padded to the MTU, pings and a TCP stream in super-packets are of one length, and arrive as they were', async () => {
    const [left, right] = await establish('');
    await left.culvertd.ask('interface.setOptions', { name, tfcMultiple: 8192 });
    const capture = right.namespace.start(
      ...['tcpdump', '-nn', '-l', '-q', '-i', 'wan0', '-Q', 'in', 'src 192.0.2.1 and esp'],
    );
    let seen = '';
    capture.stdout?.setEncoding('utf8').on('data', (text: string) => (seen += text));
    await new Promise((resolve) => capture.stderr?.once('data', resolve));
    assert.equal(ping(left, '-s', '10'), 3);
    assert.equal(ping(left, '-s', '900'), 3);
    const digests = await stream(left, right, 2_000_000);
    assert.equal(digests.received, digests.sent);
    await until(() => seen.split('\n').length > 1000);
    capture.kill();
    const lengths = new Set(Array.from(seen.matchAll(/length (\d+)/g), ([, length]) => Number(length)));
    assert.deepEqual([...lengths], [fullEspBytes]);
    for (const { culvertd } of gateways) {
      const { interfaces, drops } = await culvertd.ask('status.get', {});
      assert.deepEqual([interfaces[0]?.drops, drops], [[], []]);
    }
  });

  test('dummy packets leave a silent tunnel at their rate, and are dropped silently at the far end', async () => {
    const [left, right] = await establish('');
    await left.culvertd.ask('interface.setOptions', { name, dummiesPerSecond: 50 });
    await new Promise((resolve) => setTimeout(resolve, 2000));
    assert.equal(ping(left, '-s', '10'), 3);
    await left.culvertd.ask('interface.setOptions', { name, dummiesPerSecond: 0 });
    const sent = (await left.culvertd.ask('status.get', {})).interfaces[0];
    // A busy machine may be late, but never early.
    assert.ok(sent !== undefined && sent.counters.dummyPackets >= 50 && sent.counters.dummyPackets <= 200);
    assert.deepEqual(sent.drops, []);
    assert.equal(sent.counters.outputPackets, 3);
    await until(async () => {
      const { interfaces } = await right.culvertd.ask('status.get', {});
      const drops = interfaces[0]?.drops ?? [];
      return drops.length === 1 && drops[0]?.reason === 'dummy' && drops[0].packets === sent.counters.dummyPackets;
    });
    const { associations } = await left.culvertd.ask('status.get', {});
    const numbers = associations.find(({ spi }) => spi === 0x1000)?.usage.sequence;
    assert.equal(numbers, sent.counters.dummyPackets + 3);
  });

  test('with -esp_frag inner packets are cut, and the far end puts them together', async () => {
    const [left, right] = await establish('-esp_frag 552');
    const before = reassembled(right.namespace);
    assert.equal(ping(left, '-s', '1300', '-M', 'dont'), 3);
    // The answers are cut, too: the same on both sides.
    assert.equal(reassembled(right.namespace) - before, 3);
    const { interfaces } = await right.culvertd.ask('status.get', {});
    assert.deepEqual([interfaces[0]?.counters.inputPackets, interfaces[0]?.drops], [9, []]);
    const { stdout } = left.namespace.run('ping', '-n', '-c', '2', '-W', '1', '-s', '1300', '-M', 'do', inner(2));
    assert.match(stdout, /mtu ?= ?532/);
  });

  /** A tunnel with inner MTU 1400 and an association for each direction; with an option of ESP in UDP it is in UDP. */
  async function establish(option: string): Promise<readonly [left: Gateway, right: Gateway]> {
    const [left, right] = gateways;
    assert.ok(left !== undefined && right !== undefined);
    const isNatT = option !== '';
    await configure(left, right, 1, isNatT);
    await configure(right, left, 2, isNatT);
    for (const gateway of gateways) {
      const { policies } = await gateway.culvertd.ask('status.get', {});
      const add = (from: Gateway, to: Gateway, spi: number): string => {
        const direction = from === gateway ? 'out' : 'in';
        const policy = policies.find((row) => row.direction === direction && row.upperProtocol === 4);
        const reqid = isNatT ? '' : `-u ${policy?.requests[0]?.reqid ?? 0}`;
        const port = isNatT ? ' [4500]' : '';
        const protocol = isNatT ? 'esp-udp' : 'esp';
        return `add ${from.outer}${port} ${to.outer}${port} ${protocol} ${spi} -m transport ${reqid} ${option} -E aes-gcm-16 0x${'5a'.repeat(20)};`;
      };
      const text: string = `${add(left, right, 0x1000)}\n${add(right, left, 0x1001)}`;
      const { errors } = await gateway.culvertd.ask('setkey.run', { text, semantics: 'file' });
      assert.deepEqual(errors, []);
    }
    return [left, right];
  }
});

const inner = (number: number): string => `172.16.${number}.1`;

async function configure({ culvertd, outer }: Gateway, far: Gateway, own: number, isNatT: boolean): Promise<void> {
  const port = isNatT ? 4500 : 0;
  await culvertd.ask('interface.create', { name });
  await culvertd.ask('interface.setMtu', { name, mtu });
  if (isNatT) await culvertd.ask('interface.setFlags', { name, link0: true });
  await culvertd.ask('interface.setTunnel', { name, local: outer, peer: far.outer, localPort: port, peerPort: port });
  await culvertd.ask('interface.addAddress', { name, address: inner(own), prefixLength: 32, peer: inner(3 - own) });
  await culvertd.ask('interface.setFlags', { name, isUp: true });
}

/** How many of three pings are answered. */
function ping({ namespace }: Gateway, ...args: readonly string[]): number {
  const { stdout } = namespace.run('ping', '-n', '-c', '3', '-i', '0.05', '-W', '1', ...args, inner(2));
  return Number(/(\d+) received/.exec(stdout)?.[1] ?? 0);
}

/** Send bytes over TCP; digests of what was sent and of what came. */
async function stream(from: Gateway, to: Gateway, bytes: number): Promise<{ sent: string; received: string }> {
  const server = to.namespace.start(
    process.execPath,
    '-e',
    `const digest = require('node:crypto').createHash('sha256');
     require('node:net').createServer((socket) => socket.on('data', (data) => digest.update(data)).on('end', () => {
       console.log(digest.digest('hex'));
       process.exit();
     })).listen(7, () => console.log('ready'));`,
  );
  let said = '';
  server.stdout?.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = new Promise((resolve) => server.once('exit', resolve));
  await until(() => said.includes('ready'));
  const { stdout } = from.namespace.run(
    process.execPath,
    '-e',
    `const bytes = require('node:crypto').randomBytes(${bytes});
     require('node:net').connect(7, '${inner(2)}', function () { this.end(bytes); });
     console.log(require('node:crypto').createHash('sha256').update(bytes).digest('hex'));`,
  );
  await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 20_000).unref())]);
  server.kill();
  return { sent: stdout.trim(), received: said.split('\n')[1]?.trim() ?? '' };
}

/** Packets that a namespace's kernel put together (/proc/net/snmp, ReasmOKs). */
function reassembled(namespace: NetworkNamespace): number {
  const lines = namespace.run('cat', '/proc/net/snmp').stdout.split('\n');
  const [names = [], values = []] = lines.flatMap((line) => (line.startsWith('Ip:') ? [line.split(' ')] : []));
  return Number(values[names.indexOf('ReasmOKs')]);
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 200; turn++) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail('waited for ten seconds');
}
