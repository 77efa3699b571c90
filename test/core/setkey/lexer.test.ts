/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { showToken, tokenize } from '#core/setkey/lexer.ts';

const kindsAndTexts = (text: string): string[] => tokenize(text).map(({ kind, text: content }) => `${kind}:${content}`);

test('words end at white space, marks, quotes and comments', () => {
  assert.deepEqual(kindsAndTexts('add 10.0.0.0/8[any] x"a b"# c ;\n;'), [
    'word:add',
    'word:10.0.0.0',
    'mark:/',
    'word:8',
    'mark:[',
    'word:any',
    'mark:]',
    'word:x',
    'string:a b',
    'mark:;',
    'end:',
  ]);
});

test('lines and columns count from 1, also behind CRLF and comments', () => {
  const places = tokenize('flush;\r\n# note\n\tdump ;').map(({ line, column }) => [line, column]);
  assert.deepEqual(places, [
    [1, 1],
    [1, 6],
    [3, 2],
    [3, 7],
    [3, 8],
  ]);
});

test('a string without its closing quote ends at the line and is a bad token', () => {
  assert.deepEqual(kindsAndTexts('"abc\nflush'), ['bad:"abc', 'word:flush', 'end:']);
});

test('every text becomes tokens that cover all but white space and comments', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      const tokens = tokenize(text);
      assert.equal(tokens.at(-1)?.kind, 'end');
      let end = 0;
      for (const token of tokens) {
        assert.match(text.slice(end, token.offset), /^(\s|#[^\n]*)*$/);
        end = token.offset + token.length;
      }
      assert.equal(end, text.length);
    }),
  );
});

test('whatever may be a key is never shown', () => {
  const key = '00112233445566778899aabbccddeeff';
  const texts = [
    `add 192.0.2.1 192.0.2.2 esp 4096 -E aes-cbc 0x${key};`,
    `add 192.0.2.1 192.0.2.2 esp 4096 -E aes-cbc ${key};`,
    `add 192.0.2.1 192.0.2.2 esp 4096 -E ${key};`,
    `add 192.0.2.1 192.0.2.2 esp 4096 -E aes-cbc 0xzz${key};`,
    `add 192.0.2.1 192.0.2.2 esp 4096 -E aes-cbc "${key}";`,
    `add 192.0.2.1 192.0.2.2 esp 4096 -E aes-cbc "${key}`,
    `add 192.0.2.1 192.0.2.2 esp 4096 -e aes-cbc 0x${key};`,
    `add 192.0.2.1 192.0.2.2 esp 4096 -A hmac-sha1\n  0x${key};`,
    `flush ${key};`,
  ];
  for (const text of texts) {
    const shown = tokenize(text).map(showToken).join(' ');
    assert.ok(!shown.includes('445566'), shown);
  }
});

test('a key that was split into groups by blanks stays hidden', () => {
  const shown = tokenize('add a b esp 1 -E aes-cbc 0x00112233 44556677 8899aabb ccddeeff;').map(showToken).join(' ');
  assert.doesNotMatch(shown, /44556677|8899aabb|ccddeeff/);
});

test('names of algorithms, options and commands are shown', () => {
  const shown = tokenize('add a b esp 1 -E aes-gcm16 0x1 -A hmac-sha1 0x2\nflush;').map(showToken);
  for (const word of ['aes-gcm16', 'hmac-sha1', '-A', 'flush']) assert.ok(shown.includes(word), word);
});
