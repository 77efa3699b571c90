import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseIpAddress } from '#core/ip/address.ts';
import { parseAddressRange } from '#core/ip/address-range.ts';
import { parsePrefix } from '#core/ip/prefix.ts';
import {
  exactPort,
  matchesSelector,
  portText,
  selectorKey,
  type PacketSelector,
  type Selector,
} from '#core/spd/selector.ts';
import { testSelector } from '#test/support/policies.ts';

const packet: PacketSelector = {
  source: parseIpAddress('192.0.2.1'),
  destination: parseIpAddress('192.0.2.2'),
  sourcePort: 1000,
  destinationPort: 53,
  upperProtocol: 17,
};

test('covers a packet by prefixes, protocol and ports, and never one whose named ports are not visible (RFC 4301 §4.4.1.1)', () => {
  const cases: [Partial<Selector>, Partial<PacketSelector>, boolean][] = [
    [{}, {}, true],
    [{ upperProtocol: 17 }, {}, true],
    [{ upperProtocol: 6 }, {}, false],
    [{ source: parsePrefix('192.0.2.0/24'), destination: parsePrefix('0.0.0.0/0') }, {}, true],
    [{ source: parsePrefix('192.0.3.0/24') }, {}, false],
    [{ destination: parsePrefix('192.0.2.3') }, {}, false],
    [{ source: parsePrefix('::/0') }, {}, false],
    [{ destinationPort: 53 }, {}, true],
    [{ destinationPort: 54 }, {}, false],
    [{ sourcePort: 1000, destinationPort: 53 }, {}, true],
    [{ destinationPort: 53 }, { sourcePort: null, destinationPort: null }, false],
    [{}, { sourcePort: null, destinationPort: null }, true],
    [{ source: parseAddressRange('192.0.2.0-192.0.2.1') }, {}, true],
    [{ source: parseAddressRange('192.0.2.2-192.0.2.9') }, {}, false],
    [{ source: parseAddressRange('::-ffff::') }, {}, false],
    [{ destinationPort: { first: 50, last: 53 } }, {}, true],
    [{ destinationPort: { first: 54, last: 60 } }, {}, false],
    [{ destinationPort: { first: 0, last: 65535 } }, { destinationPort: null }, false],
    [{ destinationPort: 'opaque' }, { destinationPort: null }, true],
    [{ destinationPort: 'opaque' }, {}, false],
    [{ sourcePort: exactPort(0), upperProtocol: 1 }, { sourcePort: 0, upperProtocol: 1 }, true],
    [{ sourcePort: exactPort(0), upperProtocol: 1 }, { sourcePort: 8, upperProtocol: 1 }, false],
    [{ sourcePort: 0, upperProtocol: 1 }, { sourcePort: 8, upperProtocol: 1 }, true],
  ];
  for (const [selector, changes, expected] of cases) {
    const matches = matchesSelector(testSelector(selector), { ...packet, ...changes });
    assert.equal(matches, expected, JSON.stringify([selector, changes]));
  }
});

test('keys are equal exactly for equal selectors', () => {
  const different: Partial<Selector>[] = [
    {},
    { source: parsePrefix('192.0.2.0/31') },
    { destination: parsePrefix('192.0.2.9') },
    { sourcePort: 1 },
    { destinationPort: 1 },
    { upperProtocol: 1 },
    { source: parseAddressRange('192.0.2.1-192.0.2.1') },
    { sourcePort: exactPort(0) },
    { sourcePort: { first: 0, last: 1 } },
    { sourcePort: 'opaque' },
  ];
  assert.equal(new Set(different.map((changes) => selectorKey(testSelector(changes)))).size, different.length);
  assert.equal(selectorKey(testSelector()), selectorKey(testSelector()));
});

test('ports read as any, opaque, a number or a range', () => {
  assert.deepEqual([0, 53, exactPort(0), exactPort(8), { first: 1, last: 9 }, 'opaque' as const].map(portText), [
    ...['any', '53', '0', '8', '1-9', 'opaque'],
  ]);
});

test('agrees with counting out every address and port (property)', () => {
  const last = (value: number): string => `10.0.0.${value}`;
  const pairOf = (max: number) =>
    fc.tuple(fc.nat(max), fc.nat(max)).map(([one, other]) => [Math.min(one, other), Math.max(one, other)] as const);
  const port = fc.oneof(fc.nat(9), pairOf(9), fc.constant('opaque' as const));
  const shown = fc.option(fc.nat(9));
  fc.assert(
    fc.property(pairOf(15), fc.nat(15), port, shown, (addresses, address, wanted, visible) => {
      const selector = testSelector({
        source: parseAddressRange(`${last(addresses[0])}-${last(addresses[1])}`),
        destination: parsePrefix('0.0.0.0/0'),
        sourcePort: typeof wanted === 'object' ? { first: wanted[0], last: wanted[1] } : wanted,
      });
      const isInside = Array.from(
        { length: addresses[1] - addresses[0] + 1 },
        (_, index) => addresses[0] + index,
      ).includes(address);
      const ports =
        typeof wanted === 'object'
          ? Array.from({ length: wanted[1] - wanted[0] + 1 }, (_, index) => wanted[0] + index)
          : [wanted];
      const fitsPort = wanted === 0 || ports.includes(visible ?? 'opaque');
      const probe = { ...packet, source: parseIpAddress(last(address)), sourcePort: visible };
      assert.equal(matchesSelector(selector, probe), isInside && fitsPort);
    }),
  );
});
