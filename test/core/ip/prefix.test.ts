import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { IpsecError } from '#core/base/error.ts';
import { addressBytes, formatAddress, parseIpAddress } from '#core/ip/address.ts';
import { hostPrefix, parsePrefix, prefixContains, prefixParts, networkPrefix } from '#core/ip/prefix.ts';

test('keeps host bits as given and makes the address canonical, as setkey does', () => {
  assert.equal(parsePrefix('10.0.1.9/24'), '10.0.1.9/24');
  assert.equal(parsePrefix('2001:DB8::0/32'), '2001:db8::/32');
  assert.equal(parsePrefix('0.0.0.0/0'), '0.0.0.0/0');
  assert.equal(parsePrefix('fe80::1%eth0/64'), 'fe80::1%eth0/64');
});

test('an address alone is the prefix of that host', () => {
  assert.equal(parsePrefix('192.0.2.1'), '192.0.2.1/32');
  assert.equal(parsePrefix('::1'), '::1/128');
  assert.equal(hostPrefix(parseIpAddress('192.0.2.1')), '192.0.2.1/32');
});

test('refuses a length that is no number or too long, with its own code', () => {
  for (const text of [
    '1.2.3.4/',
    '1.2.3.4/33',
    '1.2.3.4/-1',
    '1.2.3.4/08',
    '1.2.3.4/1/2',
    '::/129',
    '::/0x8',
    '::/8 ',
  ]) {
    assert.throws(
      () => parsePrefix(text),
      (error) => error instanceof IpsecError && error.code === 'PREFIX_SYNTAX',
      text,
    );
  }
});

test('refuses an address that is none, with the code of addresses', () => {
  for (const text of ['', '/8', '10/8', 'x/8']) {
    assert.throws(
      () => parsePrefix(text),
      (error) => error instanceof IpsecError && error.code === 'ADDRESS_SYNTAX',
      text,
    );
  }
});

test('comes apart into address and length', () => {
  assert.deepEqual(prefixParts(parsePrefix('10.0.1.9/24')), { address: '10.0.1.9', length: 24 });
  assert.deepEqual(prefixParts(parsePrefix('2001:db8::/0')), { address: '2001:db8::', length: 0 });
});

test('contains the addresses of its family, and zone where it names one', () => {
  const contains = (prefix: string, address: string): boolean =>
    prefixContains(parsePrefix(prefix), parseIpAddress(address));
  assert.equal(contains('10.0.1.9/24', '10.0.1.255'), true);
  assert.equal(contains('10.0.1.9/24', '10.0.2.1'), false);
  assert.equal(contains('0.0.0.0/0', '::1'), false);
  assert.equal(contains('::/0', '::ffff:1.2.3.4'), true);
  assert.equal(contains('fe80::%a/10', 'fe80::1%a'), true);
  assert.equal(contains('fe80::%a/10', 'fe80::1%b'), false);
  assert.equal(contains('fe80::/10', 'fe80::1%b'), true);
});

test('agrees with comparing the bits one by one', () => {
  const bits = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 });
  fc.assert(
    fc.property(bytes, fc.nat(128), fc.nat(127), (base, length, flipped) => {
      const other = base.slice();
      other[flipped >> 3]! ^= 0x80 >> (flipped & 7);
      const address = formatAddress(other, 0, 6);
      const expected = bits(base).slice(0, length) === bits(addressBytes(address)).slice(0, length);
      assert.equal(prefixContains(parsePrefix(`${formatAddress(base, 0, 6)}/${length}`), address), expected);
    }),
  );
});

test('a network is a prefix without its host bits', () => {
  const cases = [
    ['10.0.1.9/24', '10.0.1.0/24'],
    ['10.255.255.255/9', '10.128.0.0/9'],
    ['10.0.0.1/0', '0.0.0.0/0'],
    ['10.0.0.1/32', '10.0.0.1/32'],
    ['2001:db8:ffff::1/33', '2001:db8:8000::/33'],
  ] as const;
  for (const [prefix, network] of cases) assert.equal(networkPrefix(parsePrefix(prefix)), network);
});
