/**
 * Tests of build/docs/generated-table.ts.
 * @module
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replaceTable } from '#build/docs/generated-table.ts';

const text = 'before\n\n<!-- generated: rows -->\n\nold\n\n<!-- end of rows -->\n\nafter\n';

test('only the lines between the markers are replaced', () => {
  const replaced = replaceTable(text, 'rows', ['| a |', '| - |']);
  assert.equal(replaced, text.replace('old', '| a |\n| - |'));
  assert.equal(replaceTable(replaced, 'rows', ['| a |', '| - |']), replaced);
});

test('missing markers are an error', () => {
  assert.throws(() => replaceTable(text, 'columns', []), /columns/);
});
