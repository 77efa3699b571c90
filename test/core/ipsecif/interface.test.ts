import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseInterfaceUnit } from '#core/ipsecif/interface.ts';
import { thrownCode } from '#test/support/thrown-code.ts';

test('reads the unit of ipsecN and refuses every other name', () => {
  assert.equal(parseInterfaceUnit('ipsec0'), 0);
  assert.equal(parseInterfaceUnit('ipsec4095'), 4095);
  const bad = [
    '',
    'ipsec',
    'ipsec00',
    'ipsec01',
    'ipsec-1',
    'ipsec1234567890',
    'eth0',
    'ipsec0 ',
    'ipsec0\n',
    'IPSEC0',
    '../ipsec0',
  ];
  for (const name of bad)
    assert.equal(
      thrownCode(() => parseInterfaceUnit(name)),
      'INTERFACE_NAME',
      name,
    );
});
