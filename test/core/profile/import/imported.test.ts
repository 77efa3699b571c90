import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shownText } from '#core/profile/import/imported.ts';

for (const [what, text] of [
  ['behind 0x', `-E aes-gcm-16 0x${'0a'.repeat(20)}`],
  ['in quotes', '-E aes-cbc "a passphrase of theirs"'],
  ['as bare digits', `key ${'0a'.repeat(16)}`],
] as const) {
  test(`a key ${what} is not shown`, () => assert.match(shownText(text), / \(key\)$/));
}

test('an SPI is shown; what does not print is a blank, and a long text is cut', () => {
  assert.equal(shownText('esp 0x00001001\u001b[2J'), 'esp 0x00001001 [2J');
  assert.equal(shownText('word '.repeat(100)).length, 120);
});
