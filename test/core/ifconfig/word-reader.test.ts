/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refuseWord, WordReader, wordsOf } from '#core/ifconfig/word-reader.ts';

test('words given one by one stand as if there were a blank between them', () => {
  assert.deepEqual(
    wordsOf(['mtu', '1400', 'up'], 3).map(({ position }) => position),
    [
      { line: 3, column: 1 },
      { line: 3, column: 5 },
      { line: 3, column: 10 },
    ],
  );
});

test('a word that is missing is missed behind the last one', () => {
  const reader = new WordReader(wordsOf(['tunnel']));
  reader.take('a word', 'ifconfig');
  assert.throws(() => reader.take('two addresses', 'tunnel'), {
    code: 'IFCONFIG_WORD',
    message: '"tunnel" needs two addresses',
    details: { line: 1, column: 8, word: 'tunnel' },
  });
});

test('a word is taken only if it is one of those that are wanted', () => {
  const reader = new WordReader(wordsOf(['up']));
  assert.equal(reader.takeIf('down'), null);
  assert.equal(reader.takeIf('up', 'down'), 'up');
  assert.ok(reader.isAtEnd());
  assert.equal(reader.takeIf(''), null);
});

test('a message shows no control characters and no more than forty letters of a word', () => {
  const word = { text: `\u001b[2J${'x'.repeat(80)}`, position: { line: 1, column: 1 } };
  assert.match(refuseWord(word, []).message, /^unknown word "\?\[2Jx{36}"$/);
});
