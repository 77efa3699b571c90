/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RouteView } from '#core/api/route-contract.ts';
import { explainRoute, formatDestination, formatRoute, formatRoutes } from '#core/cli/route/route-output.ts';
import { exampleInterface } from '#test/core/cli/fake-helper.ts';

const base: RouteView = {
  ...{ destination: '10.0.0.0/8', kind: 'unicast', interface: 'ipsec0', gateway: '172.16.200.1', source: null },
  ...{ metric: 0, origin: 'culvert' },
};
const reject: RouteView = { ...base, kind: 'reject', interface: null, gateway: null };

test('the table has NetBSD’s columns, a part for each family, and a dash for what is not counted', () => {
  const routes: RouteView[] = [
    { ...base, destination: '0.0.0.0/0', interface: 'eth0', gateway: '192.0.2.254', origin: 'other' },
    base,
    reject,
    { ...base, destination: '172.16.200.1/32', gateway: null, source: '172.16.100.1', origin: 'kernel' },
    { ...base, destination: '2001:db8:45::/48', gateway: null },
  ];
  assert.equal(
    formatRoutes(routes, null),
    `Routing tables

Internet:
Destination        Gateway            Flags    Refs      Use    Mtu Interface
default            192.0.2.254        UGS         -        -      -  eth0
10/8               172.16.200.1       UGS         -        -      -  ipsec0
10/8               -                  URS         -        -      -  -
172.16.200.1       172.16.100.1       UHC         -        -      -  ipsec0

Internet6:
Destination                             Gateway                        Flags    Refs      Use    Mtu Interface
2001:db8:45::/48                        ipsec0                         US          -        -      -  ipsec0
`,
  );
  assert.doesNotMatch(formatRoutes(routes, 4), /Internet6/);
});

test('a route prints as route get does, with what it means for tunnels', () => {
  assert.equal(
    formatRoute('10.1.2.3', base, [exampleInterface]),
    `   route to: 10.1.2.3
destination: 10.0.0.0
       mask: 255.0.0.0
    gateway: 172.16.200.1
 local addr: 172.16.100.1
  interface: ipsec0
      flags: 0x843<UP,GATEWAY,DONE,STATIC>
     tunnel: ipsec0, from 192.0.2.1 to 198.51.100.1
`,
  );
  const inet6 = { ...base, destination: '2001:db8::/33', gateway: null };
  assert.match(formatRoute('2001:db8::1', inet6, []), /\n {7}mask: ffff:ffff:8000::\n/);
  const all = { ...base, destination: '::/0', gateway: null };
  assert.match(formatRoute('2001:db8::1', all, []), /\ndestination: default\n {7}mask: default\n/);
  const host = { ...base, destination: '10.0.0.1/32' };
  assert.doesNotMatch(formatRoute('10.0.0.1', host, []), /mask/);
});

test('what becomes of a packet is said in a few words, whatever the route', () => {
  const down = { ...exampleInterface, isUp: false };
  const bare = { ...exampleInterface, tunnel: null };
  const cases = [
    [null, [exampleInterface], 'none: there is no route, so nothing is sent'],
    [reject, [exampleInterface], 'none: refused as unreachable'],
    [{ ...reject, kind: 'blackhole' }, [exampleInterface], 'none: dropped in silence'],
    [{ ...base, interface: 'eth0' }, [exampleInterface], 'none: sent through eth0 as it is'],
    [base, [down], 'ipsec0, which is down: dropped'],
    [base, [bare], 'ipsec0, which has no tunnel: dropped'],
  ] as const;
  for (const [route, interfaces, text] of cases) assert.equal(explainRoute(route, interfaces), text);
});

test('destinations print as short as BSD has them', () => {
  const cases = [
    ['0.0.0.0/0', 'default'],
    ['::/0', 'default'],
    ['10.0.0.0/8', '10/8'],
    ['172.16.0.0/12', '172.16/12'],
    ['10.0.0.1/32', '10.0.0.1'],
    ['0.0.0.0/1', '0/1'],
    ['2001:db8::/32', '2001:db8::/32'],
    ['2001:db8::1/128', '2001:db8::1'],
  ] as const;
  for (const [destination, shown] of cases) assert.equal(formatDestination(destination), shown);
});
