import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIpAddress } from '#core/ip/address.ts';
import { checkOuterPair, hasPorts, isSamePair, pairKey, type OuterPair } from '#core/ipsecif/outer-pair.ts';
import { thrownCode } from '#test/support/thrown-code.ts';

function pair(local: string, peer: string, localPort = 0, peerPort = 0): OuterPair {
  return { local: parseIpAddress(local), peer: parseIpAddress(peer), localPort, peerPort };
}

test('checks families before addresses before ports (if_ipsec.c: if_ipsec_ioctl)', () => {
  const cases: [OuterPair, string | null][] = [
    [pair('10.0.0.1', '10.0.0.2'), null],
    [pair('10.0.0.1', '10.0.0.2', 4500, 65535), null],
    [pair('127.0.0.1', '127.0.0.2'), null],
    [pair('fc00::1', 'fc00::2'), null],
    [pair('10.0.0.1', 'fc00::2'), 'ADDRESS_FAMILY_MIXED'],
    [pair('0.0.0.0', '::', 70000), 'ADDRESS_FAMILY_MIXED'],
    [pair('0.0.0.0', '10.0.0.2'), 'ADDRESS_UNUSABLE'],
    [pair('10.0.0.1', '0.0.0.0'), 'ADDRESS_UNUSABLE'],
    [pair('10.0.0.1', '224.0.0.1', 70000), 'ADDRESS_UNUSABLE'],
    [pair('255.255.255.255', '10.0.0.2'), 'ADDRESS_UNUSABLE'],
    [pair('ff02::1', 'fc00::2'), 'ADDRESS_UNUSABLE'],
    [pair('fc00::1', '::'), 'ADDRESS_UNUSABLE'],
    [pair('fe80::1%em0', 'fe80::2%em0'), 'ADDRESS_UNUSABLE'],
    [pair('fc00::1', 'febf::1'), 'ADDRESS_UNUSABLE'],
    [pair('fec0::1', 'fe7f::1'), null],
    [pair('10.0.0.1', '10.0.0.2', 500), 'PORT_IKE'],
    [pair('10.0.0.1', '10.0.0.2', 4500, 500), 'PORT_IKE'],
    [pair('10.0.0.1', '10.0.0.2', -1), 'PORT_RANGE'],
    [pair('10.0.0.1', '10.0.0.2', 0, 65536), 'PORT_RANGE'],
  ];
  for (const [outer, code] of cases)
    assert.equal(
      thrownCode(() => checkOuterPair(outer)),
      code,
      JSON.stringify(outer),
    );
});

test('the same pair has the same addresses and the same ports', () => {
  const base = pair('10.0.0.1', '10.0.0.2', 4500, 4501);
  assert.equal(isSamePair(base, pair('10.0.0.1', '10.0.0.2', 4500, 4501)), true);
  for (const other of [
    pair('10.0.0.3', '10.0.0.2', 4500, 4501),
    pair('10.0.0.1', '10.0.0.3', 4500, 4501),
    pair('10.0.0.1', '10.0.0.2', 4502, 4501),
    pair('10.0.0.1', '10.0.0.2', 4500, 4502),
  ]) {
    assert.equal(isSamePair(base, other), false);
  }
  assert.equal(pairKey(base), pairKey(pair('10.0.0.1', '10.0.0.2')));
  assert.notEqual(pairKey(base), pairKey(pair('10.0.0.2', '10.0.0.1')));
});

test('a pair has ports when either is set', () => {
  assert.deepEqual(
    [pair('10.0.0.1', '10.0.0.2'), pair('10.0.0.1', '10.0.0.2', 1), pair('10.0.0.1', '10.0.0.2', 0, 1)].map(hasPorts),
    [false, true, true],
  );
});
