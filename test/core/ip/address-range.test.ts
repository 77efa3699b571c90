import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatAddress, parseIpAddress } from '#core/ip/address.ts';
import { parseAddressRange, rangeContains, rangeEnds } from '#core/ip/address-range.ts';
import { thrownCode } from '#test/support/thrown-code.ts';

test('reads both ends in any spelling, and refuses what is no range', () => {
  assert.equal(parseAddressRange('2001:DB8:0::1-2001:db8::00ff'), '2001:db8::1-2001:db8::ff');
  assert.deepEqual(rangeEnds(parseAddressRange('192.0.2.1-192.0.2.9')), ['192.0.2.1', '192.0.2.9']);
  const cases: [string, string | null][] = [
    ['192.0.2.1-192.0.2.1', null],
    ['192.0.2.9-192.0.2.1', 'PREFIX_SYNTAX'],
    ['192.0.2.1-2001:db8::1', 'ADDRESS_FAMILY_MIXED'],
    ['192.0.2.1', 'ADDRESS_SYNTAX'],
    ['192.0.2.1-', 'ADDRESS_SYNTAX'],
    ['192.0.2.1-192.0.2.2-192.0.2.3', 'ADDRESS_SYNTAX'],
    ['fe80::1%eth0-fe80::2%eth0', 'ADDRESS_SYNTAX'],
  ];
  for (const [text, code] of cases)
    assert.equal(
      thrownCode(() => parseAddressRange(text)),
      code,
      text,
    );
});

test('holds what lies between the ends as numbers, and nothing of the other family (property)', () => {
  const number = fc.bigInt({ min: 0n, max: 0xffffffffn });
  const address = (value: bigint, family: 4 | 6) => {
    const bytes = new Uint8Array(family === 4 ? 4 : 16);
    for (let index = 0; index < 4; index++)
      bytes[bytes.length - 1 - index] = Number((value >> BigInt(8 * index)) & 0xffn);
    return formatAddress(bytes, 0, family);
  };
  fc.assert(
    fc.property(number, number, number, fc.constantFrom(4 as const, 6 as const), (one, other, probe, family) => {
      const [first, last] = one < other ? [one, other] : [other, one];
      const range = parseAddressRange(`${address(first, family)}-${address(last, family)}`);
      assert.equal(rangeContains(range, address(probe, family)), first <= probe && probe <= last);
      assert.equal(rangeContains(range, address(first, family === 4 ? 6 : 4)), false);
    }),
  );
  assert.equal(rangeContains(parseAddressRange('fe80::1-fe80::9'), parseIpAddress('fe80::5%eth0')), true);
});
