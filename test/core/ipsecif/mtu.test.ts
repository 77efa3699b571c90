import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkMtu, defaultMtu } from '#core/ipsecif/mtu.ts';
import { thrownCode } from '#test/support/thrown-code.ts';

test('accepts 1280 to 8192 (if_ipsec.h)', () => {
  const cases: [number, string | null][] = [
    [defaultMtu, null],
    [1279, 'INTERFACE_MTU'],
    [1280, null],
    [8192, null],
    [8193, 'INTERFACE_MTU'],
    [1500.5, 'INTERFACE_MTU'],
    [NaN, 'INTERFACE_MTU'],
  ];
  for (const [mtu, code] of cases)
    assert.equal(
      thrownCode(() => checkMtu(mtu)),
      code,
      String(mtu),
    );
});
