/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeySecrecy } from '#core/setkey/reading/key-secrecy.ts';

/** Which of the words stay hidden, each on the same line; the first begins it. */
function hidden(...words: readonly string[]): readonly string[] {
  const secrecy = new KeySecrecy();
  return words.filter((word, index) => secrecy.covers(word === ';' ? 'mark' : 'word', word, index === 0));
}

test('after -E, -A and -C only names, options and commands are shown', () => {
  assert.deepEqual(hidden('add', '-E', 'aes-cbc', 'secret', '-A', 'hmac-sha1', 'word', ';', 'word'), [
    'secret',
    'word',
  ]);
});

test('pieces of a torn key are hidden anywhere; SPIs, numbers, addresses and names are not', () => {
  const pieces = ['c0ffee%0', 'x12ab34cd', '0x00112233445566778899', '00112233445566778899'];
  assert.deepEqual(hidden('flush', ...pieces), pieces);
  const words = ['0x0000abcd', '4294967296', '2001:db8::c0fe', 'hmac-sha256', 'camellia-cbc', 'decade', '10.0.0.1'];
  assert.deepEqual(hidden('flush', ...words), []);
});

test('every string is hidden, closed or not', () => {
  const secrecy = new KeySecrecy();
  assert.ok(secrecy.covers('string', 'x', false) && secrecy.covers('bad', '"x', false));
});
