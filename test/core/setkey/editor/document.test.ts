/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDocument, type DocumentItem } from '#core/setkey/editor/document.ts';

function piecesOf(text: string): readonly string[] {
  return parseDocument(text).items.map((item) => `${item.kind}:${text.slice(item.from, item.to)}`);
}

test('statements and comments have their places, in the order of the text', () => {
  assert.deepEqual(piecesOf('# head\nflush ; # why\n\n dump\n esp;#end'), [
    'comment:# head',
    'statement:flush ;',
    'comment:# why',
    'statement:dump\n esp;',
    'comment:#end',
  ]);
});

test('a comment inside a statement belongs to it', () => {
  const text = 'dump # all of them\n  esp;\n# next';
  const [first] = parseDocument(text).items;
  assert.ok(first?.kind === 'statement');
  assert.deepEqual(
    first.comments.map(({ from, to }) => text.slice(from, to)),
    ['# all of them'],
  );
  assert.equal(first.statement.kind, 'dump');
});

test('what does not parse, and what stands behind exit, is kept as it is', () => {
  assert.deepEqual(piecesOf('flush; dmup # x\n all; dump; exit; # y\n no language'), [
    'statement:flush;',
    'unread:dmup # x\n all;',
    'statement:dump;',
    'statement:exit;',
    'unread:# y\n no language',
  ]);
});

test('places never overlap, and between them is white space only', () => {
  const text = '\ufeff"x\r\nflush;\r\n#a\r\nadd add;\r\n dump ; x \n\n spddump;# b';
  let end = 0;
  for (const { from, to } of parseDocument(text).items satisfies readonly DocumentItem[]) {
    assert.match(text.slice(end, from), /^\s*$/);
    assert.ok(to > from);
    end = to;
  }
  assert.equal(end, text.length);
});
