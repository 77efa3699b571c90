/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { editorTokens } from '#core/setkey/editor/editor-token.ts';

const colours = (text: string): string[] =>
  editorTokens(text).map(({ kind, from, to }) => `${kind} ${text.slice(from, to)}`);

test('every word of an association has its kind', () => {
  const text = 'add 10.0.0.1[4500] ::1%em0 esp-udp 0x100 -u 5 -E rijndael-cbc "k" -A hmac-sha1 0x00; # note';
  assert.deepEqual(colours(text), [
    ...['command add', 'address 10.0.0.1', 'punctuation [', 'number 4500', 'punctuation ]', 'address ::1%em0'],
    ...['protocol esp-udp', 'number 0x100', 'option -u', 'number 5', 'option -E', 'algorithm rijndael-cbc', 'key "k"'],
    ...['option -A', 'algorithm hmac-sha1', 'key 0x00', 'punctuation ;', 'comment # note'],
  ]);
});

test('every word of a policy has its kind', () => {
  assert.deepEqual(colours('spdadd 10.0.0.0/8 ::/0[ssh] tcp -P out ipsec esp/tunnel/1.1.1.1-2.2.2.2/unique:5;'), [
    ...['command spdadd', 'address 10.0.0.0', 'punctuation /', 'number 8', 'address ::', 'punctuation /', 'number 0'],
    ...['punctuation [', 'port ssh', 'punctuation ]', 'protocol tcp', 'option -P', 'keyword out', 'keyword ipsec'],
    ...['protocol esp', 'punctuation /', 'keyword tunnel', 'punctuation /', 'address 1.1.1.1-2.2.2.2', 'punctuation /'],
    ...['keyword unique:5', 'punctuation ;'],
  ]);
});

test('a command is one only at the start of a statement, and what is no text is an error', () => {
  assert.deepEqual(colours('dmup add; flush; "x'), [
    ...['word dmup', 'word add', 'punctuation ;', 'command flush', 'punctuation ;', 'error "x'],
  ]);
});

test('tokens follow one another whatever the text, with white space only between them', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
      let end = 0;
      for (const { from, to } of editorTokens(text)) {
        assert.ok(to > from);
        assert.match(text.slice(end, from), /^\s*$/);
        end = to;
      }
      assert.match(text.slice(end), /^\s*$/);
    }),
  );
});
