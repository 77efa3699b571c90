/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromBase64Url, toBase64Url } from '#core/base/base64url.ts';

test('bytes are written as Node.js writes them, and read back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      const text = toBase64Url(bytes);
      assert.equal(text, Buffer.from(bytes).toString('base64url'));
      assert.deepEqual(fromBase64Url(text), new Uint8Array(bytes));
    }),
  );
});

test('what no bytes are written as is refused: other characters, lengths and bits left over (RFC 4648 §3.5)', () => {
  for (const text of ['A', 'AA==', 'AB', 'AAB', '+/+/', 'ÄÄÄÄ', 'AA A', 'AAAAA'])
    assert.equal(fromBase64Url(text), null, text);
  assert.deepEqual(fromBase64Url('AQ'), new Uint8Array([1]));
});
