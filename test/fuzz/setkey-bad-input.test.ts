/** Texts that are large, broken or no text at all: the language answers, and in linear time. @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diagnose } from '#core/setkey/editor/diagnostic.ts';
import { parseDocument } from '#core/setkey/editor/document.ts';
import { parseSetkey, type SetkeyError } from '#core/setkey/parser.ts';

const mebibyte = 2 ** 20;

function elapsedMs(run: () => void): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

/** 100,000 statements have to be read in 2 s; this asks for the same of a tenth, with room for a busy machine. */
test('time grows with the number of statements, not faster', () => {
  const line = (index: number): string =>
    `add 192.0.2.1 198.51.100.1 esp ${256 + index} -E aes-cbc 0x${'5a'.repeat(16)} -A hmac-sha256 0x${'5b'.repeat(32)}; # n\n`;
  const text = (count: number): string => Array.from({ length: count }, (_, index) => line(index)).join('');
  const few = text(5_000);
  const many = text(40_000);
  assert.equal(parseSetkey(few).statements.length, 5_000);
  const fewMs = Math.min(...[1, 2, 3].map(() => elapsedMs(() => void parseSetkey(few))));
  const manyMs = Math.min(...[1, 2].map(() => elapsedMs(() => void parseSetkey(many))));
  assert.ok(manyMs < fewMs * 8 * 4, `5,000 statements ${fewMs} ms, 40,000 ${manyMs} ms`);
});

test('a mebibyte of anything repeated is read in moderate time, and ends in success or a clear error', () => {
  const pieces = [
    ...['"', '"a"', '#', ';', 'x;', 'x ', 'a', '0', ' ', '\n', '\r\n', '\0', '/', '[', '\ufffd', '\ufeff', '\u{1f511}'],
    ...['flush;', 'flush\n', 'add ', 'add\n', '-E ', '-46n', '0x', 'exit ', '"\n', '#\n', 'esp/transport '],
  ];
  for (const piece of pieces) {
    const text = piece.repeat(mebibyte / 8 / piece.length);
    const took = elapsedMs(() => {
      const { errors } = parseDocument(text);
      for (const { message } of errors) assert.ok(message.length > 0 && message.length < 300, message);
    });
    assert.ok(took < 4000, `${JSON.stringify(piece)}: ${took} ms`);
  }
});

function onlyError(text: string): SetkeyError {
  const { errors } = parseSetkey(text);
  assert.equal(errors.length, 1, JSON.stringify(errors));
  return errors[0] ?? assert.fail();
}

test('a byte order mark and CRLF are white space', () => {
  const { statements, errors } = parseSetkey('\ufeffflush;\r\n# note\r\ndump esp;\r\n');
  assert.deepEqual(errors, []);
  assert.deepEqual(
    statements.map(({ kind, position }) => [kind, position.line]),
    [
      ['flush', 1],
      ['dump', 3],
    ],
  );
});

test('what is no text is named with its place: NUL, control characters, bytes that are no UTF-8', () => {
  const cases = [
    ['flush;\ndump\0;', /^character U\+0000, which no setkey text has, at \[dump\?\]/, 2, 1],
    ['\u0001;', /^character U\+0001/, 1, 1],
    ['dump \u007f;', /^character U\+007F/, 1, 6],
    [`${new TextDecoder().decode(Uint8Array.of(0xc3, 0x28))};`, /^bytes that are no UTF-8/, 1, 1],
  ] as const;
  for (const [text, message, line, column] of cases) {
    const error = onlyError(text);
    assert.match(error.message, message);
    assert.deepEqual([error.line, error.column], [line, column]);
  }
  assert.deepEqual(parseSetkey('flush; # a NUL \0 in a comment is nobody’s business\n').errors, []);
});

test('a string that is not closed ends at its line, and costs one error', () => {
  const { statements, errors } = parseSetkey('add 1.1.1.1 2.2.2.2 esp 256 -E aes-cbc "secret\r\nflush;');
  assert.deepEqual(
    statements.map(({ kind }) => kind),
    ['flush'],
  );
  assert.deepEqual(
    errors.map(({ message, line, column }) => [message, line, column]),
    [['string without its closing quote at [hidden: may be a key]', 1, 40]],
  );
});

test('there is no include: the word is refused like any other', () => {
  assert.match(onlyError('include "/etc/ipsec.conf";').message, /expected a command .* at \[include\]/);
});

test('key bytes beside broken ones are not shown', () => {
  const key = 'c0ffee00c0ffee00c0ffee00c0ffee00';
  for (const text of [`-E aes-cbc 0x${key}\0`, `0x${key}\0`, `${key}\u0001`, `-E aes-cbc "${key}\0"`, `"${key}`]) {
    const findings = JSON.stringify(diagnose(`add 1.1.1.1 2.2.2.2 esp 256 ${text};`));
    assert.ok(findings.length > 10 && !findings.includes('ffee'), findings);
  }
});
