import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIpAddress } from '#core/ip/address.ts';
import { parsePrefix } from '#core/ip/prefix.ts';
import { matchesSelector, selectorKey, type PacketSelector, type Selector } from '#core/spd/selector.ts';
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
  ];
  assert.equal(new Set(different.map((changes) => selectorKey(testSelector(changes)))).size, different.length);
  assert.equal(selectorKey(testSelector()), selectorKey(testSelector()));
});
