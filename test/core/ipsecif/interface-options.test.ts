import assert from 'node:assert/strict';
import { test } from 'node:test';
import { initialFlags } from '#core/ipsecif/flags.ts';
import {
  checkOptions,
  checkSettings,
  initialOptions,
  initialSettings,
  resolveOptions,
  type InterfaceOptions,
  type OuterTreatment,
  type SystemSettings,
} from '#core/ipsecif/interface-options.ts';
import { thrownCode } from '#test/support/thrown-code.ts';

const natT = { ...initialFlags, link0: true };

test('a fresh interface has TTL 64, DF clear and no path MTU discovery (ipsecif.c)', () => {
  for (const family of [4, 6] as const) {
    assert.deepEqual(resolveOptions(initialOptions, initialSettings, initialFlags, family), {
      ...{
        outerTtl: 64,
        dontFragment: 'clear',
        pathMtuDiscovery: false,
        followsPeer: false,
        keepalives: false,
        answersRefused: false,
        tfcMultiple: 0,
        dummiesPerSecond: 0,
      },
    });
  }
});

test('an option of the interface wins over what is set for all, and the hop limit for all is for outer IPv6 only', () => {
  const cases: [Partial<InterfaceOptions>, Partial<SystemSettings>, 4 | 6, Partial<OuterTreatment>][] = [
    [{}, { hopLimit: 9 }, 4, { outerTtl: 64 }],
    [{}, { hopLimit: 9 }, 6, { outerTtl: 9 }],
    [{ hopLimit: 7 }, { hopLimit: 9 }, 6, { outerTtl: 7 }],
    [{ hopLimit: 7 }, {}, 4, { outerTtl: 7 }],
    [{}, { pmtu: 1 }, 6, { pathMtuDiscovery: true }],
    [{ pmtu: 0 }, { pmtu: 1 }, 6, { pathMtuDiscovery: false }],
    [{ pmtu: 1 }, { pmtu: 0 }, 6, { pathMtuDiscovery: true }],
    [{}, { dontFragment: 'copy' }, 4, { dontFragment: 'copy' }],
    [{ dontFragment: 'set' }, { dontFragment: 'copy' }, 4, { dontFragment: 'set' }],
  ];
  for (const [options, settings, family, expected] of cases) {
    const resolved = resolveOptions(
      { ...initialOptions, ...options },
      { ...initialSettings, ...settings },
      initialFlags,
      family,
    );
    assert.partialDeepStrictEqual(resolved, expected, JSON.stringify([options, settings, family]));
  }
});

test('keepalives and a peer that moves belong to NAT-T: link0 turns the first on, the second must be asked for', () => {
  const resolved = (options: Partial<InterfaceOptions>, flags = natT): [boolean, boolean] => {
    const { followsPeer, keepalives } = resolveOptions({ ...initialOptions, ...options }, initialSettings, flags, 4);
    return [followsPeer, keepalives];
  };
  assert.deepEqual(resolved({}), [false, true]);
  assert.deepEqual(resolved({ followsPeer: true, keepalives: false }), [true, false]);
  assert.deepEqual(resolved({ followsPeer: true, keepalives: true }, initialFlags), [false, false]);
});

test('refuses numbers out of range', () => {
  const options = (changes: object): string | null => thrownCode(() => checkOptions({ ...initialOptions, ...changes }));
  const settings = (changes: object): string | null =>
    thrownCode(() => checkSettings({ ...initialSettings, ...changes }));
  for (const changes of [{ pmtu: -2 }, { pmtu: 2 }, { pmtu: 0.5 }, { hopLimit: 0 }, { hopLimit: 256 }])
    assert.equal(options(changes), 'INTERFACE_OPTION', JSON.stringify(changes));
  for (const changes of [
    { tfcMultiple: -1 },
    { tfcMultiple: 8193 },
    { dummiesPerSecond: -1 },
    { dummiesPerSecond: 1001 },
  ])
    assert.equal(options(changes), 'INTERFACE_OPTION', JSON.stringify(changes));
  assert.equal(options({ tfcMultiple: 8192, dummiesPerSecond: 1000 }), null);
  for (const changes of [{ pmtu: -1 }, { pmtu: 2 }, { hopLimit: 0 }, { hopLimit: 256 }])
    assert.equal(settings(changes), 'INTERFACE_OPTION', JSON.stringify(changes));
  assert.equal(options({ pmtu: -1, hopLimit: 255 }), null);
  assert.equal(settings({ pmtu: 1, hopLimit: 1 }), null);
});
