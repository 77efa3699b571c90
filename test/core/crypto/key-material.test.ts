import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { test } from 'node:test';
import { KeyMaterial } from '#core/crypto/key-material.ts';

test('shows its length and never its bytes', () => {
  const key = new KeyMaterial(new Uint8Array(16).fill(0x5e));
  for (const text of [String(key), JSON.stringify({ key }), inspect(key, { depth: 9, showHidden: true })]) {
    assert.equal(/5e|94/.test(text), false, text);
  }
  assert.equal(String(key), '(128-bit key)');
});

test('keeps its own copy, and wipes it', () => {
  const bytes = Uint8Array.of(1, 2, 3);
  const key = new KeyMaterial(bytes);
  bytes.fill(9);
  assert.deepEqual(key.reveal(), Uint8Array.of(1, 2, 3));
  key.wipe();
  assert.deepEqual(key.reveal(), new Uint8Array(3));
  assert.equal(key.length, 3);
});
