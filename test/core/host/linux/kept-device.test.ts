/**
 * The mark by which culvertd knows its own devices, in a namespace.
 * @module
 */
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { missingForTunnels } from '#test/support/native-package.ts';
import { NetworkNamespace } from '#test/support/network-namespace.ts';

suite('devices that outlive culvertd', { skip: missingForTunnels() ?? false }, () => {
  let namespace: NetworkNamespace;
  before(() => {
    namespace = new NetworkNamespace('kept');
  });
  after(() => namespace.remove());

  /** Run statements in the namespace. */
  const evaluate = (statements: string): unknown =>
    namespace.evaluate(`
      import * as kept from '#core/host/linux/kept-device.ts';
      import { loadNative } from '#core/host/linux/native.ts';
      const run = async () => { ${statements} };
      console.log(JSON.stringify(await run()));`);
  const setting = (family: 'ipv4' | 'ipv6'): string => `net.${family}.conf.ipsec0.ignore_routes_with_linkdown`;

  test('a device is ours once it is marked, and its routes are used without a carrier', () => {
    namespace.ip('tuntap add mode tun name ipsec0');
    for (const family of ['ipv4', 'ipv6'] as const) namespace.run('sysctl', '-qw', `${setting(family)}=1`);
    const seen = evaluate(`
      const before = [kept.canMark(), kept.isMarked('ipsec0'), kept.markedDevices()];
      const marked = kept.markDevice('ipsec0');
      return [before, marked, kept.isMarked('ipsec0'), kept.markedDevices()];`);
    assert.deepEqual(seen, [[true, false, []], true, true, ['ipsec0']]);
    const { stdout } = namespace.run('sysctl', '-n', setting('ipv4'), setting('ipv6'));
    assert.equal(stdout, '0\n0\n');
  });

  test('a name that is no interface of ours is not looked up, and a device that is not there is not marked', () => {
    const seen = evaluate(`
      return [kept.isMarked('../../../vm'), kept.isMarked('lo'), kept.markDevice('ipsec7')];`);
    assert.deepEqual(seen, [false, false, false]);
  });

  test('marked devices are removed where nobody holds them; those of others stay', () => {
    namespace.ip('tuntap add mode tun name ipsec1');
    namespace.ip('tuntap add mode tun name ipsec2');
    const seen = evaluate(`
      const native = loadNative();
      kept.markDevice('ipsec1');
      const { fd } = native.adoptTun('ipsec1', true);
      const first = kept.removeKeptDevices(native);
      native.closeDescriptor(fd);
      return [first, kept.removeKeptDevices(native)];`);
    assert.deepEqual(seen, [
      { removed: ['ipsec0'], held: ['ipsec1'] },
      { removed: ['ipsec1'], held: [] },
    ]);
    assert.deepEqual(namespace.devices(), ['ipsec2']);
  });
});
