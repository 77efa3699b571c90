/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IpsecError } from '#core/base/error.ts';
import { Lexer } from '#core/setkey/lexer.ts';
import { TokenReader } from '#core/setkey/reading/token-reader.ts';

const readerOf = (text: string): TokenReader => new TokenReader(new Lexer(text));

function failureOf(run: () => unknown): IpsecError {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof IpsecError);
    return error;
  }
  assert.fail('nothing was thrown');
}

test('a failed choice names position, token and the nearest word, and takes nothing', () => {
  const reader = readerOf('  trnsport');
  const { code, message, details } = failureOf(() => reader.choose(['transport', 'tunnel'], 'a mode'));
  assert.equal(code, 'SETKEY_SYNTAX');
  assert.equal(message, 'syntax error, expected a mode at [trnsport]');
  assert.deepEqual(details, { line: 1, column: 3, expected: 'a mode', token: 'trnsport', suggestion: 'transport' });
  assert.equal(reader.peek().text, 'trnsport');
});

test('the end of the text is never passed', () => {
  const reader = readerOf('x');
  for (let round = 0; round < 3; round++) reader.next();
  assert.equal(reader.peek().kind, 'end');
  assert.match(failureOf(() => reader.expectMark(';')).message, /at \[end of input\]/);
});

test('decimal numbers have a limit and no sign, and 0x is not one', () => {
  assert.equal(readerOf('32').decimal('a length', 32), 32);
  assert.match(failureOf(() => readerOf('33').decimal('a length', 32)).message, /number too big/);
  for (const text of ['-1', '0x10', '1e3', '99999999999999999999']) failureOf(() => readerOf(text).decimal('a length'));
});
