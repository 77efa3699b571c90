/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hideKeys, sourceExcerpts } from '#core/setkey/source-excerpt.ts';

test('shows the line and a caret under the column', () => {
  assert.equal(sourceExcerpts('flush;\n\tdmup ; # later')(2, 2), ' dmup ;\n ^');
});

test('hides keys and comments, and keeps every column', () => {
  const text = 'add a b esp 1 -E aes-cbc 0x00112233445566778899aabbccddeeff; # key 00112233\ndump;';
  const hidden = hideKeys(text);
  assert.equal(hidden.length, text.length);
  assert.doesNotMatch(hidden, /0x00|00112233/);
  assert.equal(sourceExcerpts(text)(2, 1), 'dump;\n^');
});

test('cuts a long line around the caret', () => {
  const [line = '', caret = ''] = sourceExcerpts(`${' '.repeat(5000)}dmup`)(1, 5001).split('\n');
  assert.ok(line.length <= 120);
  assert.equal(line.slice(caret.length - 1), 'dmup');
});

test('gives nothing for a line that is not there', () => {
  assert.equal(sourceExcerpts('flush;')(7, 1), '');
});

test('hiding never changes length or lines', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
      const hidden = hideKeys(text);
      assert.equal(hidden.length, text.length);
      assert.equal(hidden.split('\n').length, text.split('\n').length);
    }),
  );
});
