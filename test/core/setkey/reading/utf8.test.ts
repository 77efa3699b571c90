/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeUtf8 } from '#core/setkey/reading/utf8.ts';

test('gives the bytes of RFC 3629, as TextEncoder does', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.deepEqual(encodeUtf8(text), new TextEncoder().encode(text));
    }),
  );
  assert.deepEqual(encodeUtf8('aé€😀\ud800'), new TextEncoder().encode('aé€😀\ufffd'));
});
