import assert from 'node:assert/strict';
import { isIPv4, isIPv6 } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { IpsecError } from '#core/base/error.ts';
import {
  addressBytes,
  addressBytes16,
  addressFamily,
  addressZone,
  formatAddress,
  isBroadcast,
  isLoopback,
  isMulticast,
  isUnspecified,
  parseIpAddress,
  withoutZone,
} from '#core/ip/address.ts';

const canonical: readonly [string, string][] = [
  ['192.0.2.1', '192.0.2.1'],
  ['0.0.0.0', '0.0.0.0'],
  ['::', '::'],
  ['0:0:0:0:0:0:0:1', '::1'],
  ['1::', '1::'],
  ['1:0:0:0:0:0:0:0', '1::'],
  // RFC 5952 §4.1 to §4.3: no leading zeros, lower case, longest run, first of equals, no :: for one group
  ['2001:0DB8::0001', '2001:db8::1'],
  ['2001:db8:0:0:0:0:2:1', '2001:db8::2:1'],
  ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['2001:db8::1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
  ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['2001:DB8:A::1', '2001:db8:a::1'],
  // RFC 5952 §5
  ['::FFFF:192.0.2.1', '::ffff:192.0.2.1'],
  ['::ffff:c000:201', '::ffff:192.0.2.1'],
  ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
  ['fe80::1%eth0', 'fe80::1%eth0'],
  ['FE80::0:1%wm0.100', 'fe80::1%wm0.100'],
];

const refused: readonly string[] = [
  '', ' ', '1', '1.2.3', '1.2.3.4.5', '1.2.3.256', '01.2.3.4', '1.2.3.08', '1.2.3.+4', '0x1.2.3.4', '1.2.3.4 ',
  '1.2.3.4%eth0', '1..2.3', '::1::', ':::', ':1', '1:', ':1::', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9',
  '1:2:3:4:5:6:7::8', '12345::', 'g::', '::1.2.3', '::1.2.3.4:5', '1.2.3.4::', '1:2:3:4:5:6:7:1.2.3.4', '1.2.3.4:5',
  'fe80::1%', 'fe80::1%a b', 'fe80::1%a/b', 'fe80::1%a;b', 'fe80::1%e%e', `fe80::1%${'a'.repeat(16)}`, '[::1]', 'host',
  '１.2.3.4',
]; // prettier-ignore

test('prints every spelling in the canonical form (RFC 5952)', () => {
  for (const [given, expected] of canonical) assert.equal(parseIpAddress(given), expected, given);
});

test('refuses what is not an address, and names the text', () => {
  for (const text of refused) {
    assert.throws(
      () => parseIpAddress(text),
      (error) => error instanceof IpsecError && error.code === 'ADDRESS_SYNTAX' && error.message.includes(`"${text}"`),
      text,
    );
  }
});

test('keeps a long text out of the message', () => {
  assert.throws(
    () => parseIpAddress('9'.repeat(100_000)),
    (error: Error) => error.message.length < 120,
  );
});

test('bytes survive a round trip, and the text is one that node:net accepts', () => {
  const family = fc.constantFrom<4 | 6>(4, 6);
  const sparse = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 255 })), { minLength: 18, maxLength: 18 });
  fc.assert(
    fc.property(family, sparse, fc.nat(2), (version, numbers, offset) => {
      const bytes = Uint8Array.from(numbers);
      const address = formatAddress(bytes, offset, version);
      assert.equal(version === 4 ? isIPv4(address) : isIPv6(address), true, address);
      assert.equal(parseIpAddress(address), address);
      assert.equal(addressFamily(address), version);
      assert.deepEqual(addressBytes(address), bytes.slice(offset, offset + (version === 4 ? 4 : 16)));
    }),
    { numRuns: 500 },
  );
});

test('agrees with node:net on random texts without leading zeros', () => {
  const digits = fc.stringMatching(/^[0-9a-f:.]{0,24}$/);
  fc.assert(
    fc.property(digits, (text) => {
      const isAddress = isIPv4(text) || isIPv6(text);
      if (isAddress) assert.doesNotThrow(() => parseIpAddress(text));
      else assert.throws(() => parseIpAddress(text));
    }),
    { numRuns: 2000 },
  );
});

test('the datapath form has IPv4 in the first four bytes and zeros behind', () => {
  const expected = new Uint8Array(16);
  expected.set([192, 0, 2, 1]);
  assert.deepEqual(addressBytes16(parseIpAddress('192.0.2.1')), expected);
  assert.equal(addressBytes16(parseIpAddress('2001:db8::1'))[15], 1);
});

test('a zone is no part of the bytes', () => {
  const address = parseIpAddress('fe80::1%eth0');
  assert.deepEqual(addressBytes(address), addressBytes(parseIpAddress('fe80::1')));
  assert.equal(addressZone(address), 'eth0');
  assert.equal(withoutZone(address), 'fe80::1');
  assert.equal(addressZone(parseIpAddress('fe80::1')), null);
});

test('knows the addresses that name no single host', () => {
  const has = (predicate: (address: ReturnType<typeof parseIpAddress>) => boolean, texts: string): string[] =>
    texts.split(' ').filter((text) => predicate(parseIpAddress(text)));
  const all =
    '0.0.0.0 10.0.0.1 127.0.0.1 127.255.0.9 224.0.0.1 239.9.9.9 240.0.0.1 255.255.255.255 :: ::1 ::1%lo ff02::1 fe80::1';
  assert.deepEqual(has(isMulticast, all), ['224.0.0.1', '239.9.9.9', 'ff02::1']);
  assert.deepEqual(has(isUnspecified, all), ['0.0.0.0', '::']);
  assert.deepEqual(has(isLoopback, all), ['127.0.0.1', '127.255.0.9', '::1', '::1%lo']);
  assert.deepEqual(has(isBroadcast, all), ['255.255.255.255']);
});
