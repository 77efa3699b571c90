/**
 * Routes by iproute2 in a namespace: what is added is listed as it was, and refusals are in our words.
 * @module
 */
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { missingForNamespaces } from '#build/test/machine.ts';
import { nowhereMetric } from '#core/tunnel/port/route-port.ts';
import { NetworkNamespace } from '#test/support/network-namespace.ts';

suite('routes by iproute2', { skip: missingForNamespaces() ?? false }, () => {
  let namespace: NetworkNamespace;
  before(() => {
    namespace = new NetworkNamespace('routes');
    namespace.ip('tuntap add mode tun name ipsec0');
    namespace.ip('link set ipsec0 up');
    namespace.ip('address add 172.16.1.1 peer 172.16.2.1/32 dev ipsec0');
    namespace.ip('address add 2001:db8:1::1 peer 2001:db8:2::1/128 dev ipsec0 nodad');
  });
  after(() => namespace.remove());

  /** Call a function of host-routes.ts in the namespace: what it gave, or code and errno of what it threw. */
  const call = (name: string, ...args: readonly unknown[]): unknown =>
    namespace.evaluate(`
      import * as routes from '#core/host/linux/host-routes.ts';
      const outcome = await routes[${JSON.stringify(name)}](...${JSON.stringify(args)})
        .then((value) => value ?? null, (error) => [error.code, error.errno]);
      console.log(JSON.stringify(outcome));`);

  const route = {
    ...{ destination: '10.0.0.0/8', kind: 'unicast', interface: 'ipsec0', gateway: null, source: '172.16.1.1' },
    ...{ metric: 0, origin: 'culvert' },
  };
  const twin = { ...route, kind: 'reject', interface: null, source: null, metric: nowhereMetric };
  const inet6 = { ...route, destination: '2001:db8:ffff::/48', gateway: '2001:db8:2::1', source: null };

  const listed = (): unknown[] => {
    const routes = call('listHostRoutes');
    assert.ok(Array.isArray(routes));
    return routes.filter((each: { readonly origin: string }) => each.origin === 'culvert');
  };

  test('routes into a device and nowhere are listed as they were added, in both families', () => {
    assert.equal(call('addHostRoute', route, false), null);
    assert.equal(call('addHostRoute', twin, false), null);
    assert.equal(call('addHostRoute', inet6, false), null);
    assert.deepEqual(listed(), [route, twin, { ...inet6, metric: 1024 }]);
  });

  test('one that is there is EEXIST, unless it is to be replaced', () => {
    assert.deepEqual(call('addHostRoute', route, false), ['ROUTE_EXISTS', 'EEXIST']);
    const other = { ...route, gateway: '172.16.2.1', source: null };
    assert.equal(call('addHostRoute', other, true), null);
    assert.deepEqual(listed().slice(0, 2), [other, twin]);
  });

  test('the route of a packet is the one that the kernel takes; where it refuses there is none', () => {
    const found = (address: string): unknown => call('findHostRoute', address);
    assert.deepEqual(found('10.1.2.3'), { ...route, gateway: '172.16.2.1', source: null });
    assert.equal(found('192.0.2.1'), null);
    namespace.ip('route delete 10.0.0.0/8 dev ipsec0');
    assert.equal(found('10.1.2.3'), null);
  });

  test('what is not there is ESRCH, and a gateway beyond no device is ENETUNREACH', () => {
    assert.deepEqual(call('removeHostRoute', route), ['ROUTE_NOT_FOUND', 'ESRCH']);
    assert.equal(call('removeHostRoute', twin), null);
    assert.deepEqual(call('addHostRoute', { ...route, gateway: '192.0.2.77', source: null }, false), [
      'ROUTE_GATEWAY',
      'ENETUNREACH',
    ]);
  });

  test('words that no parser gave are not handed to ip', () => {
    assert.deepEqual(call('addHostRoute', { ...route, interface: 'a b' }, false), ['API_BAD_PARAMS', 'EINVAL']);
    assert.deepEqual(call('addHostRoute', { ...route, metric: -1 }, false), ['API_BAD_PARAMS', 'EINVAL']);
  });
});
