import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIpAddress } from '#core/ip/address.ts';
import { checkInnerAddress, innerWithoutOwnZone, withoutOwnZone } from '#core/ipsecif/inner-address.ts';
import { thrownCode } from '#test/support/thrown-code.ts';

test('accepts addresses of hosts with a prefix or a peer of the same family', () => {
  const cases: [string, number, string | null, string | null][] = [
    ['172.16.1.1', 32, '172.16.2.1', null],
    ['172.16.1.1', 24, null, null],
    ['2001:db8::1', 128, '2001:db8::2', null],
    ['172.16.1.1', 33, null, 'PREFIX_SYNTAX'],
    ['2001:db8::1', 129, null, 'PREFIX_SYNTAX'],
    ['172.16.1.1', 32, '2001:db8::2', 'ADDRESS_FAMILY_MIXED'],
    ['224.0.0.1', 32, null, 'ADDRESS_UNUSABLE'],
    ['::', 128, null, 'ADDRESS_UNUSABLE'],
    ['172.16.1.1', 32, '255.255.255.255', 'ADDRESS_UNUSABLE'],
    ['fe80::1%em0', 64, null, 'ADDRESS_UNUSABLE'],
    ['fe80::1', 64, 'fe80::2%em0', 'ADDRESS_UNUSABLE'],
  ];
  for (const [address, prefixLength, peer, code] of cases) {
    const inner = { address: parseIpAddress(address), prefixLength, peer: peer === null ? null : parseIpAddress(peer) };
    assert.equal(
      thrownCode(() => checkInnerAddress(inner)),
      code,
      `${address}/${prefixLength} ${peer}`,
    );
  }
});

test('the zone of the interface itself is left out, another stays', () => {
  const inner = { address: parseIpAddress('fe80::1%ipsec0'), prefixLength: 64, peer: parseIpAddress('fe80::2%ipsec0') };
  assert.deepEqual(innerWithoutOwnZone('ipsec0', inner), { ...inner, address: 'fe80::1', peer: 'fe80::2' });
  assert.deepEqual(innerWithoutOwnZone('ipsec0', { ...inner, peer: null }), {
    ...inner,
    address: 'fe80::1',
    peer: null,
  });
  assert.deepEqual(innerWithoutOwnZone('ipsec1', inner), inner);
  assert.equal(withoutOwnZone('ipsec0', parseIpAddress('10.0.0.1')), '10.0.0.1');
});
