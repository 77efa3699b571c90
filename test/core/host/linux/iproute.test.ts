/**
 * iproute2 in a namespace: addresses as asked for, refusals in our words.
 * @module
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { after, before, suite, test } from 'node:test';
import { missingForNamespaces } from '#build/test/machine.ts';
import { NetworkNamespace } from '#test/support/network-namespace.ts';
import { IpsecError } from '#core/base/error.ts';
import { addAddress } from '#core/host/linux/iproute.ts';
import type { IpAddress } from '#core/ip/address.ts';

type AddressRow = Readonly<Record<string, string | number | boolean>>;

suite('iproute2', { skip: missingForNamespaces() ?? false }, () => {
  let namespace: NetworkNamespace;
  before(() => {
    namespace = new NetworkNamespace('iproute');
    namespace.ip('tuntap add mode tun name ipsec0');
  });
  after(() => namespace.remove());

  /** Call a function of iproute.ts in the namespace; null, or code and errno of what it threw. */
  const call = (name: string, ...args: readonly unknown[]): unknown =>
    namespace.evaluate(`
      import * as iproute from '#core/host/linux/iproute.ts';
      const outcome = await iproute[${JSON.stringify(name)}](...${JSON.stringify(args)})
        .then(() => null, (error) => [error.code, error.errno]);
      console.log(JSON.stringify(outcome));`);
  const addresses = (): readonly AddressRow[] => {
    const rows: unknown = JSON.parse(namespace.ip('-json address show dev ipsec0'));
    assert.ok(Array.isArray(rows));
    return rows.flatMap((row: { readonly addr_info: readonly AddressRow[] }) => row.addr_info);
  };

  const pointToPoint = { address: '172.16.1.1', prefixLength: 32, peer: '172.16.2.1' };
  const inet6 = { address: '2001:db8::1', prefixLength: 64, peer: null };

  test('a point-to-point address has its peer as a host', () => {
    assert.equal(call('addAddress', 'ipsec0', pointToPoint), null);
    const [row] = addresses();
    assert.deepEqual([row?.['local'], row?.['address'], row?.['prefixlen']], ['172.16.1.1', '172.16.2.1', 32]);
  });

  test('an address that is there already is EEXIST', () => {
    assert.deepEqual(call('addAddress', 'ipsec0', pointToPoint), ['ADDRESS_EXISTS', 'EEXIST']);
  });

  test('an IPv6 address is usable at once', () => {
    assert.equal(call('addAddress', 'ipsec0', inet6), null);
    const row = addresses().find(({ local }) => local === '2001:db8::1');
    assert.deepEqual([row?.['prefixlen'], row?.['nodad'], row?.['tentative']], [64, true, undefined]);
  });

  test('a removed address is gone, and cannot be removed again', () => {
    assert.equal(call('removeAddress', 'ipsec0', pointToPoint), null);
    assert.deepEqual(call('removeAddress', 'ipsec0', pointToPoint), ['ADDRESS_NOT_FOUND', 'EADDRNOTAVAIL']);
    assert.deepEqual(
      addresses().map(({ local }) => local),
      ['2001:db8::1'],
    );
  });

  test('an interface that is not there is ENXIO', () => {
    assert.deepEqual(call('addAddress', 'ipsec7', inet6), ['INTERFACE_NOT_FOUND', 'ENXIO']);
  });

  test('a device without generated addresses has none when it comes up', () => {
    assert.equal(call('disableAddressGeneration', 'ipsec0'), null);
    namespace.ip('link set ipsec0 up');
    assert.deepEqual(
      addresses().map(({ local }) => local),
      ['2001:db8::1'],
    );
  });
});

const hostile = [
  { name: 'ipsec0; reboot', address: '192.0.2.1', prefixLength: 32 },
  { name: '-force', address: '192.0.2.1', prefixLength: 32 },
  { name: 'ipsec0', address: '192.0.2.1\nlink delete eth0', prefixLength: 32 },
  { name: 'ipsec0', address: 'fe80::1%eth0 dev x', prefixLength: 64 },
  { name: 'ipsec0', address: '192.0.2.1', prefixLength: 1.5 },
  { name: 'ipsec0', address: '192.0.2.1', prefixLength: 129 },
];

for (const { name, address, prefixLength } of hostile) {
  test(`${JSON.stringify([name, address, prefixLength])} never reaches ip`, async () => {
    await assert.rejects(
      addAddress(name, { address: address as IpAddress, prefixLength, peer: null }),
      (error) => error instanceof IpsecError && error.code === 'API_BAD_PARAMS',
    );
  });
}

const noIp = ['/usr/sbin/ip', '/sbin/ip', '/usr/bin/ip', '/bin/ip'].some((path) => existsSync(path))
  ? false
  : 'iproute2 is not installed';

test(
  'without a descriptor left ip is refused as HOST_FAILED, the process lives on, and the next run works',
  { skip: noIp },
  () => {
    const script = `
    import { closeSync, openSync } from 'node:fs';
    import { runIp } from '#core/host/linux/iproute.ts';
    const run = () => runIp(['-V'], '').then(({ code }) => code, ({ code, message }) => [code, message]);
    // What is loaded with the first child is loaded while there are descriptors for it.
    const first = await run();
    const held = [];
    try {
      for (;;) held.push(openSync('/dev/null'));
    } catch {}
    const refused = [await run(), await run()];
    await new Promise((resolve) => setTimeout(resolve, 50));
    for (const descriptor of held) closeSync(descriptor);
    console.log(JSON.stringify([first, ...refused, await run()]));`;
    const command = 'ulimit -n 100; exec "$0" --input-type=module -e "$1"';
    const { stdout, stderr, status } = spawnSync('sh', ['-c', command, process.execPath, script], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    const refusal = ['HOST_FAILED', 'the program ip cannot be run (EMFILE)'];
    assert.deepEqual(JSON.parse(stdout), [0, refusal, refusal, 0]);
  },
);
