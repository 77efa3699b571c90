import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIpAddress } from '#core/ip/address.ts';
import { checkRouteLoop } from '#core/ipsecif/route-loop.ts';
import { thrownCode } from '#test/support/thrown-code.ts';

test('a peer that an inner address puts on the link is refused, of both families, and no other', () => {
  const cases: [string, string, number, string | null, string | null][] = [
    ['10.0.0.2', '172.16.1.1', 32, '172.16.2.1', null],
    ['10.0.0.2', '172.16.1.1', 32, '10.0.0.2', 'TUNNEL_ROUTE_LOOP'],
    ['10.0.0.2', '10.0.0.9', 24, null, 'TUNNEL_ROUTE_LOOP'],
    ['10.0.0.2', '10.0.0.9', 24, '172.16.2.1', null],
    ['10.0.1.2', '10.0.0.9', 24, null, null],
    ['10.0.0.2', '10.0.0.9', 32, null, null],
    ['2001:db8::2', 'fd00::1', 64, null, null],
    ['2001:db8::2', '2001:db8::9', 64, null, 'TUNNEL_ROUTE_LOOP'],
    ['2001:db8::2', '10.0.0.9', 0, null, null],
  ];
  for (const [peer, address, prefixLength, far, code] of cases) {
    const outer = { local: parseIpAddress('192.0.2.1'), peer: parseIpAddress(peer), localPort: 0, peerPort: 0 };
    const inner = { address: parseIpAddress(address), prefixLength, peer: far === null ? null : parseIpAddress(far) };
    assert.equal(
      thrownCode(() => checkRouteLoop(outer, [inner], 'peer')),
      code,
      `${peer} behind ${address}/${prefixLength} ${far}`,
    );
  }
});
