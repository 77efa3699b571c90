import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { tfcPaddedBytes } from '#core/crypto/tfc-padding.ts';

test('a multiple is reached, a limit is kept, and nothing is ever cut off (RFC 4303 §2.7)', () => {
  assert.deepEqual(
    [
      tfcPaddedBytes(100, 0, 1280),
      tfcPaddedBytes(100, 64, 1280),
      tfcPaddedBytes(128, 64, 1280),
      tfcPaddedBytes(1279, 64, 1279),
      tfcPaddedBytes(100, 8192, 1280),
      tfcPaddedBytes(1400, 64, 1280),
    ],
    [100, 128, 128, 1279, 1280, 1400],
  );
});

test('the shorter packet is never the longer one afterwards, so the last of a run stays the shortest', () => {
  const length = fc.integer({ min: 0, max: 9000 });
  fc.assert(
    fc.property(length, length, fc.integer({ min: 0, max: 8192 }), length, (one, other, multiple, limit) => {
      const [short, long] = [Math.min(one, other), Math.max(one, other)];
      assert.ok(tfcPaddedBytes(short, multiple, limit) <= tfcPaddedBytes(long, multiple, limit));
      assert.ok(tfcPaddedBytes(short, multiple, limit) >= short);
    }),
  );
});
