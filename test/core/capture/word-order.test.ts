import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSigned64, readWord16, readWord32 } from '#core/capture/word-order.ts';

const bytes = Uint8Array.of(0, 0x80, 0x01, 0x02, 0xff, 0xff, 0xff, 0xff, 0xfe);

test('words are read in either order, the upper bit being no sign', () => {
  assert.equal(readWord16(bytes, 1, false), 0x8001);
  assert.equal(readWord16(bytes, 1, true), 0x0180);
  assert.equal(readWord32(bytes, 1, false), 0x800102ff);
  assert.equal(readWord32(bytes, 1, true), 0xff020180);
});

test('64 bits are signed', () => {
  assert.equal(readSigned64(bytes, 1, false), -0x7ffefd0000000002n);
  assert.equal(readSigned64(bytes, 1, true), -0x0100000000fdfe80n);
});
