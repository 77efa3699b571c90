/**
 * Nothing that is routed into a tunnel leaves in the clear: not while its interface is down, not when culvertd is killed,
 * not while the next one takes over. A program sends all the time, and the outer link is captured all the time.
 * @module
 */
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { after, suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Culvertd } from '#test/support/culvertd.ts';
import { missingForTunnels } from '#test/support/native-package.ts';
import { joinByVeth, NetworkNamespace } from '#test/support/network-namespace.ts';

const name = 'ipsec0';
/** Where the program sends: two prefixes that are routed into the tunnel, and otherwise to the default gateway. */
const inner = { 4: '198.51.100.9', 6: '2001:db8:99::9' } as const;
const prefixes = { 4: '198.51.100.0/24', 6: '2001:db8:99::/48' } as const;
/** Longer than tcpdump, the sender and the kernel's queues take. */
const phaseMs = 400;

/** A datagram to each address every two milliseconds; what the system refuses is not its business. */
const senderScript = `
  import { createSocket } from 'node:dgram';
  for (const [type, address] of [['udp4', '${inner[4]}'], ['udp6', '${inner[6]}']]) {
    const socket = createSocket(type);
    socket.on('error', () => undefined);
    setInterval(() => socket.send('inner', 4242, address, () => undefined), 2);
  }`;

/** What crosses the outer link, as tcpdump says it. */
class Capture {
  readonly child: ChildProcess;
  #text = '';

  constructor(namespace: NetworkNamespace, device: string) {
    this.child = namespace.start('tcpdump', '-i', device, '-n', '-p', '-l', '--immediate-mode', '-Z', 'root');
    this.child.stdout?.setEncoding('latin1').on('data', (text: string) => (this.#text += text));
  }

  /** Lines since the last call: how many are ESP, and those that show an inner packet. */
  take(): { readonly esp: number; readonly clear: readonly string[] } {
    const lines = this.#text.split('\n');
    this.#text = lines.pop() ?? '';
    const isInner = (line: string) => Object.values(inner).some((address) => line.includes(address));
    return { esp: lines.filter((line) => line.includes('ESP(spi=')).length, clear: lines.filter(isInner) };
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await exit;
}

async function configure(culvertd: Culvertd): Promise<void> {
  await culvertd.ask('interface.create', { name });
  await culvertd.ask('interface.setTunnel', { name, local: '192.0.2.1', peer: '192.0.2.2', localPort: 0, peerPort: 0 });
  const [ipv4, ipv6] = [
    { address: '172.16.1.1', prefixLength: 32, peer: '172.16.2.1' },
    { address: 'fd00::1', prefixLength: 128, peer: 'fd00::2' },
  ];
  await culvertd.ask('interface.addAddress', { name, ...ipv4 });
  await culvertd.ask('interface.addAddress', { name, ...ipv6 });
  const { policies } = await culvertd.ask('status.get', {});
  const outgoing = policies
    .filter(({ direction }) => direction === 'out')
    .map(({ requests }) => requests[0]?.reqid ?? 0);
  const statements = outgoing.map((reqid, index) => {
    const keys = '-E aes-cbc 0x00112233445566778899aabbccddeeff -A hmac-sha256 "0123456789abcdef0123456789abcdef"';
    return `add 192.0.2.1 192.0.2.2 esp ${7000 + index} -u ${reqid} ${keys};`;
  });
  const { errors } = await culvertd.ask('setkey.run', { text: statements.join('\n'), semantics: 'file' });
  assert.deepEqual(errors, []);
}

suite('a tunnel fails closed', { skip: missingForTunnels() ?? false }, () => {
  const cleanups: (() => void | Promise<void>)[] = [];
  after(async () => {
    for (const cleanup of cleanups) await cleanup();
  });

  test('down, killed and taken over: no inner packet is ever seen on the outer link', async () => {
    const [gateway, peer] = ['gateway', 'peer'].map((suffix) => {
      const namespace = new NetworkNamespace(`closed-${suffix}`);
      cleanups.unshift(() => namespace.remove());
      return namespace;
    });
    assert.ok(gateway !== undefined && peer !== undefined);
    joinByVeth(
      { namespace: gateway, device: 'wan0', addresses: ['192.0.2.1/24', '2001:db8:1::1/64'] },
      { namespace: peer, device: 'wan0', addresses: ['192.0.2.2/24', '2001:db8:1::2/64'] },
    );
    gateway.ip('route add default via 192.0.2.2');
    gateway.ip('-6 route add default via 2001:db8:1::2');
    const capture = new Capture(peer, 'wan0');
    cleanups.unshift(() => end(capture.child));
    let culvertd = await Culvertd.start(gateway);
    cleanups.unshift(() => culvertd.dispose());
    await configure(culvertd);
    for (const prefix of Object.values(prefixes)) gateway.ip(`route add ${prefix} dev ${name}`);
    const sender = gateway.start(process.execPath, '--input-type=module', '-e', senderScript);
    cleanups.unshift(() => end(sender));
    /** What is seen within a phase; nothing of it may be in the clear. */
    const watch = async (): Promise<number> => {
      await sleep(phaseMs);
      const { esp, clear } = capture.take();
      assert.deepEqual(clear, []);
      return esp;
    };
    const countDown = async (): Promise<number> => {
      const { interfaces } = await culvertd.ask('status.get', {});
      return interfaces[0]?.drops.find(({ reason }) => reason === 'outInterfaceDown')?.packets ?? 0;
    };

    while ((await watch()) < 20);
    for (let round = 0; round < 3; round++) {
      await culvertd.ask('interface.setFlags', { name, isUp: false });
      // What was sent before is seen a little later.
      await watch();
      const before = await countDown();
      assert.equal(await watch(), 0, 'a tunnel that is down sends nothing');
      assert.ok((await countDown()) > before + 20, 'what is routed into it is counted');
      await culvertd.ask('interface.setFlags', { name, isUp: true });
      assert.ok((await watch()) > 20, 'the routes are still there');
    }

    await culvertd.kill('SIGKILL');
    await watch();
    assert.equal(await watch(), 0, 'nobody is there to send');
    culvertd = await Culvertd.restart(culvertd.directory, gateway);
    assert.equal(await watch(), 0, 'nobody has asked for a tunnel yet');
    // What the machine refuses half-way leaves the device as it found it, with its routes.
    gateway.ip('link add ipsec1 type veth peer name other1');
    const files = [
      { name: 'ifconfig.ipsec0', text: 'create\ninet 172.16.1.1/32 172.16.2.1\ninet 172.16.1.7/32 172.16.2.7\nup\n' },
      { name: 'ifconfig.ipsec1', text: 'create\n' },
    ];
    const { problems } = await culvertd.ask('configuration.apply', { files, confirmSeconds: null });
    assert.deepEqual(
      problems.map(({ file }) => file),
      ['ifconfig.ipsec1'],
    );
    assert.equal(await watch(), 0, 'a refused command');
    gateway.ip('link del ipsec1');
    assert.ok(!gateway.ip('address show').includes('172.16.1.7'), 'what it had added is gone');
    await configure(culvertd);
    assert.ok((await watch()) > 20, 'the tunnel carries again, by the old routes');

    // The counter-check: what culvertd takes along in order is routed elsewhere, and the capture shows it.
    assert.equal(await culvertd.kill('SIGTERM'), 0);
    await sleep(phaseMs);
    const { clear } = capture.take();
    for (const address of Object.values(inner))
      assert.ok(
        clear.some((line) => line.includes(address)),
        address,
      );
    assert.deepEqual(gateway.devices(), ['wan0']);
  });
});
