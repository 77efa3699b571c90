/**
 * The Linux host: what it does to a real namespace, and what refusals become.
 * @module
 */
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { missingForTunnels } from '#test/support/native-package.ts';
import { fakeNative, nativeError } from '#test/support/fake-native.ts';
import { NetworkNamespace } from '#test/support/network-namespace.ts';
import type { ErrorCode } from '#core/base/error.ts';
import { IpsecError } from '#core/base/error.ts';
import { LinuxHost } from '#core/host/linux/linux-host.ts';
import { parseIpAddress } from '#core/ip/address.ts';

suite('a Linux host', { skip: missingForTunnels() ?? false }, () => {
  let namespace: NetworkNamespace;
  before(() => {
    namespace = new NetworkNamespace('host');
  });
  after(() => namespace.remove());

  /** Run statements over `host` in the namespace; `look()` gives the devices as iproute2 sees them. */
  const evaluate = (statements: string): unknown =>
    namespace.evaluate(`
      import { execFileSync } from 'node:child_process';
      import { LinuxHost } from '#core/host/linux/linux-host.ts';
      import { loadNative } from '#core/host/linux/native.ts';
      const host = new LinuxHost(loadNative(), true);
      const look = () => JSON.parse(execFileSync('ip', ['-json', 'address', 'show']))
        .filter(({ ifname }) => ifname !== 'lo')
        .map((row) => [row.ifname, row.mtu, row.flags.includes('UP'), row.addr_info.map(({ local }) => local)]);
      const refusal = (promise) => promise.then(() => null, ({ code, errno }) => [code, errno]);
      const run = async () => { ${statements} };
      console.log(JSON.stringify(await run()));`);

  test('a device is made with its MTU, is used at once, takes addresses, and goes with everything', () => {
    const seen = evaluate(`
      const token = await host.createInterface('ipsec0', 1280);
      const made = look();
      await host.addAddress('ipsec0', { address: '172.16.1.1', prefixLength: 32, peer: '172.16.2.1' });
      await host.setMtu('ipsec0', 1400);
      const used = look();
      await host.destroyInterface('ipsec0', token);
      return [made, used, look()];`);
    assert.deepEqual(seen, [[['ipsec0', 1280, true, []]], [['ipsec0', 1400, true, ['172.16.1.1']]], []]);
  });

  test('an inner IPv6 address and the route to its peer come back when somebody had set the device down', () => {
    const seen = evaluate(`
      const token = await host.createInterface('ipsec0', 1280);
      const own = { address: 'fd00::1', prefixLength: 128, peer: 'fd00::2' };
      const countPeerRoutes = () => execFileSync('ip', ['-6', 'route', 'show', 'dev', 'ipsec0'], { encoding: 'utf8' })
        .split('\\n').filter((line) => line.startsWith('fd00::2 ')).length;
      // The kernel adds the route in a work queue, some milliseconds after the address.
      const peerRoute = async () => {
        for (let tries = 0; tries < 100 && countPeerRoutes() === 0; tries++) await new Promise((resolve) => setTimeout(resolve, 20));
        return countPeerRoutes();
      };
      await host.addAddress('ipsec0', own);
      const before = [look()[0][3], await peerRoute()];
      execFileSync('ip', ['link', 'set', 'ipsec0', 'down']);
      await host.bringUp('ipsec0');
      const again = [look()[0][3], await peerRoute()];
      execFileSync('ip', ['link', 'set', 'ipsec0', 'down']);
      await host.removeAddress('ipsec0', own);
      const unknown = await refusal(host.removeAddress('ipsec0', own));
      await host.bringUp('ipsec0');
      const removed = [look()[0][3], countPeerRoutes()];
      await host.destroyInterface('ipsec0', token);
      return [before, again, removed, unknown[0]];`);
    assert.deepEqual(seen, [[['fd00::1'], 1], [['fd00::1'], 1], [[], 0], 'ADDRESS_NOT_FOUND']);
  });

  test('a device that was left keeps addresses and routes, is taken over with them, and goes with the next', () => {
    const seen = evaluate(`
      const own4 = { address: '172.16.1.1', prefixLength: 32, peer: '172.16.2.1' };
      const own6 = { address: 'fd00::1', prefixLength: 64, peer: null };
      const routes = () => [4, 6].flatMap((family) => JSON.parse(execFileSync('ip', ['-json', '-' + family, 'route', 'show', 'dev', 'ipsec0']))
        .map(({ dst, flags }) => [dst, flags.includes('linkdown')])).sort();
      const first = await host.createInterface('ipsec0', 1400);
      await host.addAddress('ipsec0', own4);
      await host.addAddress('ipsec0', own6);
      execFileSync('ip', ['route', 'add', '192.0.2.0/24', 'dev', 'ipsec0']);
      execFileSync('ip', ['route', 'add', '2001:db8::/32', 'dev', 'ipsec0']);
      await host.leaveInterface('ipsec0', first);
      const left = [look(), routes()];
      const next = new LinuxHost(loadNative(), true);
      const second = await next.createInterface('ipsec0', 1280);
      await next.addAddress('ipsec0', { ...own4, peer: '172.16.3.1' });
      await next.addAddress('ipsec0', own6);
      const twice = await refusal(next.addAddress('ipsec0', own6));
      const taken = [look(), routes(), twice[0]];
      await next.destroyInterface('ipsec0', second);
      return [left, taken, look()];`);
    const prefixes = ['192.0.2.0/24', '2001:db8::/32', 'fd00::/64'];
    const withRoutes = (peer: string, isDown: boolean) => [peer, ...prefixes].sort().map((prefix) => [prefix, isDown]);
    const addresses = ['172.16.1.1', 'fd00::1'];
    assert.deepEqual(seen, [
      [[['ipsec0', 1400, true, addresses]], withRoutes('172.16.2.1', true)],
      [[['ipsec0', 1280, true, addresses]], withRoutes('172.16.3.1', false), 'ADDRESS_EXISTS'],
      [],
    ]);
  });

  test('nothing stays where devices are not to outlive the process, not even what was left before', () => {
    const seen = evaluate(`
      await host.leaveInterface('ipsec0', await host.createInterface('ipsec0', 1280));
      const before = look().length;
      const next = new LinuxHost(loadNative(), false);
      for (const name of ['ipsec0', 'ipsec1']) await next.leaveInterface(name, await next.createInterface(name, 1280));
      return [before, look()];`);
    assert.deepEqual(seen, [1, []]);
  });

  test('a persistent TUN device of somebody else is not taken over', () => {
    namespace.ip('tuntap add mode tun name ipsec6');
    assert.deepEqual(evaluate(`return refusal(host.createInterface('ipsec6', 1280));`), ['HOST_NAME_TAKEN', 'EBUSY']);
    assert.deepEqual(namespace.devices(), ['ipsec6']);
    namespace.ip('link delete ipsec6');
  });

  test('a name that any device has is refused, and that device stays', () => {
    namespace.ip('link add ipsec5 type veth peer name far5');
    const seen = evaluate(`
      const first = await host.createInterface('ipsec0', 1280);
      const outcome = [
        await refusal(host.createInterface('ipsec0', 1280)),
        await refusal(host.createInterface('ipsec5', 1280)),
        look().map(([name]) => name).sort(),
      ];
      await host.destroyInterface('ipsec0', first);
      return outcome;`);
    namespace.ip('link delete ipsec5');
    const taken = ['HOST_NAME_TAKEN', 'EBUSY'];
    assert.deepEqual(seen, [taken, taken, ['far5', 'ipsec0', 'ipsec5']]);
  });

  test('an MTU that the kernel refuses leaves no device', () => {
    const seen = evaluate(`return [(await refusal(host.createInterface('ipsec0', 67)))[0], look()];`);
    assert.deepEqual(seen, ['HOST_FAILED', []]);
  });

  test('ESP and UDP sockets open on any local address and close', () => {
    const seen = evaluate(`
      const tokens = [
        await host.openSocket({ kind: 'esp', family: 4, localAddress: '127.0.0.1', localPort: 0 }),
        await host.openSocket({ kind: 'esp', family: 6, localAddress: '::1', localPort: 0 }),
        await host.openSocket({ kind: 'udp', family: 4, localAddress: '192.0.2.99', localPort: 4500 }),
        await host.openSocket({ kind: 'udp', family: 6, localAddress: '::1', localPort: 4500 }),
      ];
      const busy = await refusal(host.openSocket({ kind: 'udp', family: 6, localAddress: '::1', localPort: 4500 }));
      for (const token of tokens) await host.closeSocket(token);
      const twice = await refusal(host.closeSocket(tokens[0]));
      return [new Set(tokens).size, busy, twice[0]];`);
    assert.deepEqual(seen, [4, ['HOST_FAILED', 'EADDRINUSE'], 'HOST_FAILED']);
  });
});

const refusals: readonly { readonly errno: string; readonly code: ErrorCode }[] = [
  { errno: 'ENOENT', code: 'HOST_NO_TUN' },
  { errno: 'ENODEV', code: 'HOST_NO_TUN' },
  { errno: 'EPERM', code: 'HOST_DENIED' },
  { errno: 'EBUSY', code: 'HOST_NAME_TAKEN' },
  { errno: 'EMFILE', code: 'HOST_FAILED' },
];

for (const { errno, code } of refusals) {
  test(`${errno} at creation is ${code}`, async () => {
    const host = new LinuxHost(
      fakeNative({
        openTun() {
          throw nativeError(errno, 'opening /dev/net/tun: no');
        },
      }),
      true,
    );
    await assert.rejects(
      host.createInterface('ipsec0', 1280),
      (error) => error instanceof IpsecError && error.code === code && error.message.includes('/dev/net/tun'),
    );
  });
}

test('a device that the system names otherwise is given back', async () => {
  const closed: number[] = [];
  const host = new LinuxHost(
    fakeNative({
      openTun: () => ({ fd: 9, name: 'tun0', vnetHeader: true, offloads: 0 }),
      closeDescriptor: (fd: number) => void closed.push(fd),
    }),
    true,
  );
  await assert.rejects(host.createInterface('ipsec0', 1280), (error) => error instanceof IpsecError);
  assert.deepEqual(closed, [9]);
});

test('a socket that cannot be opened is named with address and port', async () => {
  const host = new LinuxHost(
    fakeNative({
      openUdpSocket() {
        throw nativeError('EADDRINUSE', 'opening UDP port 4500 for IPv4: Address already in use');
      },
    }),
    true,
  );
  const localAddress = parseIpAddress('192.0.2.1');
  await assert.rejects(host.openSocket({ kind: 'udp', family: 4, localAddress, localPort: 4500 }), (error) => {
    return error instanceof IpsecError && /4500 of 192\.0\.2\.1 \(used by another program\)/.test(error.message);
  });
});

test('with several workers a device gets a queue and a port a socket for each', async () => {
  const asked: unknown[] = [];
  const note = <T>(result: T, ...args: readonly unknown[]): T => {
    asked.push(args);
    return result;
  };
  const native = fakeNative({
    openTunQueues: (name, offload, adopts, queues) =>
      note({ fd: 9, name: 'other', vnetHeader: true, offloads: 0 }, name, offload, adopts, queues),
    openEspShares: (family, _local, count) => note(10, family, count),
    openUdpShares: (family, _local, port, count) => note({ fd: 11, port }, family, port, count),
    closeDescriptor: () => undefined,
  });
  const host = new LinuxHost(native, true, { outbound: 3, inbound: 2 });
  const localAddress = parseIpAddress('192.0.2.1');
  assert.equal(await host.openSocket({ kind: 'esp', family: 4, localAddress, localPort: 0 }), 10);
  assert.equal(await host.openSocket({ kind: 'udp', family: 4, localAddress, localPort: 4500 }), 11);
  await assert.rejects(host.createInterface('culvert-none', 1280), /named the device other/);
  assert.deepEqual(asked, [
    [4, 2],
    [4, 4500, 2],
    ['culvert-none', true, false, 3],
  ]);
});
