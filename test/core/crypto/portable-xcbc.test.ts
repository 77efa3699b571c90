import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toHex } from '#core/base/bytes.ts';
import { deriveXcbcKeys, xcbcMac } from '#core/crypto/portable-xcbc.ts';
import { hexBytes } from '#test/fixtures/read-fixture.ts';

const keys = deriveXcbcKeys(hexBytes('000102030405060708090a0b0c0d0e0f'));

test('computes the published MACs of empty, short, full and long messages (RFC 3566 §4.6)', () => {
  const counting = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => index);
  const published: readonly (readonly [number, string])[] = [
    [0, '75f0251d528ac01c4573dfd584d79f29'],
    [3, '5b376580ae2f19afe7219ceef172756f'],
    [16, 'd2a246fa349b68a79998a4394ff7a263'],
    [20, '47f51b4564966215b8985c63055ed308'],
    [32, 'f54f0ec8d2b9f3d36807734bd5283fd4'],
    [34, 'becbb3bccdb518a30677d5481fb6b4d8'],
  ];
  for (const [length, mac] of published) assert.equal(toHex(xcbcMac(keys, counting(length))), mac, `${length} bytes`);
});

test('a full block is told from the padded one that looks like it', () => {
  const padded = hexBytes('00112233445566778899aabbccddee80');
  assert.notDeepEqual(xcbcMac(keys, padded), xcbcMac(keys, padded.slice(0, 15)));
});
