import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flagNames, flagsValue, initialFlags, type InterfaceFlags } from '#core/ipsecif/flags.ts';

test('prints flags as ifconfig(8) does, lowest bit first', () => {
  const cases: [Partial<InterfaceFlags>, boolean, number, string][] = [
    [{}, false, 0xc010, 'POINTOPOINT,LINK2,MULTICAST'],
    [{ isUp: true }, true, 0xc051, 'UP,POINTOPOINT,RUNNING,LINK2,MULTICAST'],
    [{ isUp: true, link2: false }, true, 0x8051, 'UP,POINTOPOINT,RUNNING,MULTICAST'],
    [{ unnumbered: true }, true, 0xc070, 'POINTOPOINT,UNNUMBERED,RUNNING,LINK2,MULTICAST'],
    [{ link0: true, link1: true }, false, 0xf010, 'POINTOPOINT,LINK0,LINK1,LINK2,MULTICAST'],
  ];
  for (const [changes, isRunning, value, names] of cases) {
    const flags = { ...initialFlags, ...changes };
    assert.equal(flagsValue(flags, isRunning), value);
    assert.equal(flagNames(flags, isRunning).join(','), names);
  }
});
