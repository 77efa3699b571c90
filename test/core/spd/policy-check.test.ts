import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAddressRange } from '#core/ip/address-range.ts';
import { parsePrefix } from '#core/ip/prefix.ts';
import { checkPolicy } from '#core/spd/policy-check.ts';
import type { PolicySpec } from '#core/spd/security-policy.ts';
import { discarding, protecting } from '#test/support/policies.ts';
import { thrownCode } from '#test/support/thrown-code.ts';

test('accepts what ipsecif and setkey make, and refuses the rest', () => {
  const [request] = protecting('unique', 5).requests;
  const cases: [string, PolicySpec, string | null][] = [
    ['discard', discarding(), null],
    ['unique with a reqid', protecting('unique', 5), null],
    ['require', protecting('require', 0), null],
    ['highest protocol and ports', discarding({ upperProtocol: 255, sourcePort: 65535, destinationPort: 65535 }), null],
    ['mixed families', discarding({ destination: parsePrefix('2001:db8::/32') }), 'ADDRESS_FAMILY_MIXED'],
    ['port 65536', discarding({ sourcePort: 65536 }), 'PORT_RANGE'],
    ['port range', discarding({ sourcePort: { first: 0, last: 65535 }, destinationPort: 'opaque' }), null],
    ['port range upside down', discarding({ sourcePort: { first: 2, last: 1 } }), 'PORT_RANGE'],
    ['port range beyond', discarding({ destinationPort: { first: 1, last: 65536 } }), 'PORT_RANGE'],
    ['address range', discarding({ source: parseAddressRange('192.0.2.1-192.0.2.9') }), null],
    [
      'address range of the other family',
      discarding({ source: parseAddressRange('fd00::1-fd00::9') }),
      'ADDRESS_FAMILY_MIXED',
    ],
    ['negative port', discarding({ destinationPort: -1 }), 'PORT_RANGE'],
    ['protocol 256', discarding({ upperProtocol: 256 }), 'POLICY_UNSUPPORTED'],
    ['protect without request', { ...protecting('require', 0), requests: [] }, 'POLICY_UNSUPPORTED'],
    ['discard with request', { ...discarding(), requests: protecting('require', 0).requests }, 'POLICY_UNSUPPORTED'],
    [
      'two requests',
      { ...protecting('require', 0), requests: request ? [request, request] : [] },
      'POLICY_UNSUPPORTED',
    ],
    ['reqid at level require', protecting('require', 5), 'POLICY_UNSUPPORTED'],
    ['reqid 65536', protecting('unique', 65536), 'POLICY_UNSUPPORTED'],
  ];
  for (const [name, spec, code] of cases)
    assert.equal(
      thrownCode(() => checkPolicy(spec)),
      code,
      name,
    );
});
