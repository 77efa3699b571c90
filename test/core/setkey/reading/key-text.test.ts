/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '#core/base/bytes.ts';
import { readKey, type ReadKey } from '#core/setkey/reading/key-text.ts';
import { Lexer } from '#core/setkey/lexer.ts';
import { TokenReader } from '#core/setkey/reading/token-reader.ts';

const read = (text: string): ReadKey => readKey(new TokenReader(new Lexer(text)));
const hexDigit = fc.constantFrom(...'0123456789abcdefABCDEF');

test('digits give their bytes, an odd number of them as if a 0 stood in front, and only then with its place', () => {
  fc.assert(
    fc.property(fc.string({ unit: hexDigit, maxLength: 80 }), fc.constantFrom('0x', '0X'), (digits, prefix) => {
      const { key, oddKeyAt } = read(` ${prefix}${digits}`);
      assert.equal(toHex(key.reveal()), toHex(fromHex(digits) ?? assert.fail()));
      assert.deepEqual(oddKeyAt, digits.length % 2 === 1 ? { line: 1, column: 2 } : null);
    }),
  );
});

test('what is no key is refused, and never shown', () => {
  const cases = [
    ['0x12g4', /only hexadecimal digits/],
    ['1234', /a key: 0x and hexadecimal digits/],
    ['', /a key: .* at \[end of input\]/],
    ['"abc', /string without its closing quote/],
    ['"a\0b"', /NUL in a key/],
    ['"a\ufffdb"', /a key that is no UTF-8/],
  ] as const;
  for (const [text, message] of cases) assert.throws(() => read(text), message, text);
});
