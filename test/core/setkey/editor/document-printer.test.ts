/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseDocument } from '#core/setkey/editor/document.ts';
import { printDocument } from '#core/setkey/editor/document-printer.ts';
import { Lexer } from '#core/setkey/lexer.ts';
import { parseSetkey } from '#core/setkey/parser.ts';
import { printStatements } from '#core/setkey/printer.ts';
import { respelled } from '#test/core/setkey/spelling-arbitrary.ts';
import { anyStatement, comparable } from '#test/core/setkey/statement-arbitrary.ts';

const reprint = (text: string): string => printDocument(parseDocument(text));

/** Tokens and comments, without the white space between them. */
function contentOf(text: string): readonly string[] {
  const content: string[] = [];
  const lexer = new Lexer(text, ({ from, to }) => void content.push(text.slice(from, to).trimEnd()));
  for (let token = lexer.next(); token.kind !== 'end'; token = lexer.next())
    content.push(`${token.kind}:${token.text}`.trimEnd());
  return content;
}

test('comments, order, number forms and quoting stay; spacing becomes tidy', () => {
  const text = `\ufeff\n\n#  two  gateways
flush  ;   spdflush;


add 2001:DB8::1   2001:db8::2 [ any ] esp 0x100 -m  any # the first
      -E rijndael-cbc
"aaaa  aaaaaaaaaa" ;   # trailing\t
spdadd 10.0.0.0 / 8 [80] 10.1.0.0/16 tcp
  -P out ipsec esp / transport / / unique:5;`;
  const printed = `#  two  gateways
flush; spdflush;

add 2001:DB8::1 2001:db8::2[any] esp 0x100 -m any # the first
\t-E rijndael-cbc
\t"aaaa  aaaaaaaaaa"; # trailing
spdadd 10.0.0.0/8[80] 10.1.0.0/16 tcp
\t-P out ipsec esp/transport//unique:5;
`;
  assert.equal(reprint(text), printed);
});

test('a file with CRLF keeps its line breaks, and what does not parse stays as it is', () => {
  assert.equal(
    reprint('flush ;\r\nno   language ;\r\n dump  ah; # x \r\n'),
    'flush;\r\nno   language ;\r\ndump ah; # x\r\n',
  );
  assert.equal(reprint('"open  \r\n\r\n\r\n\r\nflush;'), '"open  \r\n\r\nflush;\r\n');
});

test('an empty text stays empty', () => {
  for (const text of ['', ' \n\t\r\n', '\ufeff']) assert.equal(reprint(text), '');
});

test('printing any text changes nothing but white space, and printing again nothing at all', () => {
  const piece = fc.constantFrom(
    ...['flush', ';', 'add', '10.0.0.1', '::1/64', '[', ']', '/', ',', '"a b"', '"', '#c', '\n', '\r\n', ' ', 'dump'],
    ...['esp', '256', '-E', 'null', '0x0', '\t', '\r', 'exit', '\ufeff', '\0', 'spdadd'],
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const text = pieces.join('');
      const printed = reprint(text);
      assert.deepEqual(contentOf(printed), contentOf(text));
      assert.equal(reprint(printed), printed);
    }),
    { numRuns: 3000 },
  );
});

test('however a text is spelled, it means the same, also once it was printed', () => {
  const spelled = fc
    .array(anyStatement, { maxLength: 3 })
    .chain((statements) => respelled(printStatements(statements)).map((text) => ({ statements, text })));
  fc.assert(
    fc.property(spelled, ({ statements, text }) => {
      for (const version of [text, reprint(text)]) {
        const parsed = parseSetkey(version);
        assert.deepEqual(parsed.errors, []);
        assert.deepEqual(comparable(parsed.statements), comparable(statements));
      }
      assert.deepEqual(contentOf(reprint(text)), contentOf(text));
    }),
    { numRuns: 300 },
  );
});
