import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatAddress } from '#core/ip/address.ts';
import { parsePrefix, prefixContains, prefixParts, type IpPrefix } from '#core/ip/prefix.ts';
import { NetworkMap, widened } from '#core/lint/network-map.ts';

function mapOf(...texts: readonly string[]): NetworkMap<string> {
  const map = new NetworkMap<string>();
  for (const text of texts) map.at(parsePrefix(text), () => text);
  return map;
}

const around = (map: NetworkMap<string>, text: string): string[] => [...map.containing(parsePrefix(text))].sort();

test('host bits do not name a network: the first that was kept stays', () => {
  const map = mapOf('10.0.1.9/24');
  assert.equal(
    map.at(parsePrefix('10.0.1.77/24'), () => 'another'),
    '10.0.1.9/24',
  );
  assert.equal(
    map.at(parsePrefix('10.0.1.9/25'), () => 'longer'),
    'longer',
  );
});

test('a network without a zone holds every zone, and one with a zone its own (RFC 4007)', () => {
  const map = mapOf('fe80::/10', 'fe80::%wm0/64', 'fe80::%wm1/64');
  assert.deepEqual(around(map, 'fe80::1%wm0/128'), ['fe80::%wm0/64', 'fe80::/10']);
  assert.deepEqual(around(map, 'fe80::1/128'), ['fe80::/10']);
});

test('a prefix cannot be made narrower', () => {
  assert.equal(widened(parsePrefix('10.1.2.3/16'), 17), null);
  assert.equal(widened(parsePrefix('10.1.2.3/16'), 8), '10.0.0.0/8');
});

test('it finds what comparing with every network finds', () => {
  const networks = fc
    .tuple(fc.constantFrom(4 as const, 6 as const), fc.uint8Array({ minLength: 16, maxLength: 16 }), fc.nat(24))
    .map(([family, bytes, length]): IpPrefix => {
      // Few values for the first bytes, so that networks lie in one another.
      const near = bytes.map((byte, index) => (index < 3 ? byte & 0x81 : byte));
      return parsePrefix(`${formatAddress(near, 0, family)}/${length}`);
    });
  fc.assert(
    fc.property(fc.array(networks, { maxLength: 30 }), networks, (kept, sought) => {
      const map = new NetworkMap<IpPrefix[]>();
      for (const prefix of kept) map.at(prefix, () => []).push(prefix);
      const { address, length } = prefixParts(sought);
      const expected = kept.filter((prefix) => prefixParts(prefix).length <= length && prefixContains(prefix, address));
      assert.deepEqual([...map.containing(sought)].flat().sort(), expected.sort());
    }),
  );
});
