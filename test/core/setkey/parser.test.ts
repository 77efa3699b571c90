/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { commandWords, type PolicyStatement } from '#core/setkey/syntax.ts';
import { maximumErrors, parseSetkey, type SetkeyError } from '#core/setkey/parser.ts';

const kinds = (text: string): string[] => {
  const { statements, errors } = parseSetkey(text);
  assert.deepEqual(errors, []);
  return statements.map((statement) => statement.kind);
};

function onlyError(text: string): SetkeyError {
  const { errors } = parseSetkey(text);
  assert.equal(errors.length, 1, JSON.stringify(errors));
  return errors[0] ?? assert.fail();
}

test('reads every command, several a line and over several lines', () => {
  const text = `flush; spdflush;
    add 10.0.0.1 10.0.0.2 esp 256 -E null -A hmac-sha1 "aaaaaaaaaaaaaaaaaaaa";
    update 10.0.0.1 10.0.0.2 esp
      256 -E null -A hmac-sha1 "aaaaaaaaaaaaaaaaaaaa" ;
    get 10.0.0.1 10.0.0.2 esp 256; delete 10.0.0.1 10.0.0.2 esp 256 -m any; deleteall 10.0.0.1 10.0.0.2 esp;
    dump esp; spdadd 10.0.0.1 10.0.0.2 any -P out none; spdupdate 10.0.0.1 10.0.0.2 any -P out discard;
    spddelete 10.0.0.1 10.0.0.2 any -P out; spddump; spdadd tagged "x" -P in none; # done
    bye;`;
  assert.deepEqual(kinds(text), [
    ...['flush', 'spdflush', 'add', 'update', 'get', 'delete', 'deleteall', 'dump', 'spdadd', 'spdupdate', 'spddelete'],
    ...['spddump', 'tagged', 'exit'],
  ]);
});

test('exit, quit and bye end the text', () => {
  for (const word of ['exit', 'quit', 'bye'])
    assert.deepEqual(kinds(`flush; ${word}; no language at all`), ['flush', 'exit']);
});

test('parses what it will not carry out: AH, IPComp, tunnel rules, contexts, broken ciphers', () => {
  const text = `add 10.0.0.1 10.0.0.2 ah 256 -A keyed-md5 "aaaaaaaaaaaaaaaa";
    add 10.0.0.1 10.0.0.2 ipcomp 4 -C deflate -R;
    add 10.0.0.1 10.0.0.2 tcp 0x1000 -A tcp-md5 "secret";
    add 10.0.0.1[4500] 10.0.0.2[4500] esp-udp 192.168.0.9 256 -esp_frag 552 -ctx 1 2 "x" -E des-cbc 0x0011223344556677;
    spdadd 10.0.0.0/8 10.2.0.0/16[80] tcp -P fwd prio low + 10 ipsec ah/transport esp/tunnel/10.0.0.1[1]-10.0.0.2[2]/unique:7;
    spdadd ::/0 ::/0 icmp6 135,0 -P in none; spdadd 1.0.0.0/8 1.0.0.0/8 gre 1.2.3.4 -P in ipsec ipcomp/tunnel/me-any/use;`;
  assert.equal(kinds(text).length, 7);
});

test('reads the parts of a policy rule', () => {
  const { statements } = parseSetkey(
    'spdadd 1.1.1.1 2.2.2.2 ip4 -P out ipsec esp/transport//unique:5 esp/tunnel/::1-::2/require;',
  );
  const { policy, upper } = statements[0] as PolicyStatement;
  assert.equal(upper.protocol, 4);
  const rules = policy.rules.map(({ mode, endpoints, level, reqid }) => ({ mode, endpoints, level, reqid }));
  assert.deepEqual(rules, [
    { mode: 'transport', endpoints: null, level: 'unique', reqid: 5 },
    {
      mode: 'tunnel',
      endpoints: { source: { address: '::1', port: 0 }, destination: { address: '::2', port: 0 } },
      level: 'require',
      reqid: null,
    },
  ]);
});

test('finds every syntax error of a text at once, with line, column and nearest word', () => {
  const text = `ad 10.0.0.1 10.0.0.2 esp 256 -E null;
flush;
add 10.0.0.1 10.0.0.2 esp 256 -m trnsport -E null;
spdadd 10.0.0.1 10.0.0.2 any -P out ipsec esp/transport//uniqe;
add 10.0.0.1 10.0.0.2 esp 256 -E aes-gcm16 0x00;`;
  const { statements, errors } = parseSetkey(text);
  assert.deepEqual(
    statements.map(({ kind }) => kind),
    ['flush'],
  );
  assert.deepEqual(
    errors.map(({ line, column, token, suggestion }) => ({ line, column, token, suggestion })),
    [
      { line: 1, column: 1, token: 'ad', suggestion: 'add' },
      { line: 3, column: 34, token: 'trnsport', suggestion: 'transport' },
      { line: 4, column: 58, token: 'uniqe', suggestion: 'unique' },
      { line: 5, column: 34, token: 'aes-gcm16', suggestion: 'aes-gcm-16' },
    ],
  );
});

test('a forgotten semicolon costs one error and no statement behind it', () => {
  const { statements, errors } = parseSetkey('add 10.0.0.1 10.0.0.2 esp 256 -E null\nflush;\ndump;');
  assert.deepEqual(
    statements.map(({ kind }) => kind),
    ['flush', 'dump'],
  );
  assert.deepEqual(
    errors.map(({ line, token }) => [line, token]),
    [[2, 'flush']],
  );
});

test('the last statement needs its semicolon too', () => {
  assert.match(onlyError('flush; dump').message, /";" at \[end of input\]/);
});

test('refuses what no SPI, port, prefix, key or option can be, and says what is expected', () => {
  const cases = [
    ['add 1.1.1.1 2.2.2.2 esp 4294967296 -E null;', /SPI too big\. at \[4294967296\]/],
    ['add 1.1.1.1 2.2.2.2 ipcomp 65536 -C deflate;', /SPI too big/],
    ['add 1.1.1.1 2.2.2.2 esp -1 -E null;', /expected an SPI/],
    ['add 1.1.1.1 2.2.2.2 esp-old 256 -r 4 -E null;', /replay prevention cannot be used with ah\/esp-old/],
    ['add 1.1.1.1 2.2.2.2 esp 256 -esp_frag 500 -E null;', /esp fragment size only valid for NAT-T/],
    ['add 1.1.1.1 2.2.2.2 esp 256 -f zero-pad -f random-pad -E null;', /one padding/],
    ['add 1.1.1.1 2.2.2.2 esp 256 -E aes-cbc;', /expected a key/],
    ['add 1.1.1.1 2.2.2.2 esp 256 -E null 0x00;', /at \[hidden: may be a key\]/],
    ['add 1.1.1.1 2.2.2.2 esp 256 -E hmac-sha1 0x00;', /hmac-sha1 is for -A/],
    ['add 1.1.1.1 2.2.2.2 esp 256 -E null -A aes-cbc 0x00;', /aes-cbc is for -E/],
    ['add 1.1.1.1 2.2.2.2 esp 256 -E null -E null;', /once/],
    ['spdadd 1.1.1.1[80] 2.2.2.2 icmp 8,0 -P in none;', /exclude each other/],
    ['spdadd 1.1.1.1 2.2.2.2 tcp 80 -P in none;', /expected -P/],
    ['spdadd 1.1.1.1 2.2.2.2 any -P in;', /expected an action/],
    ['spdadd 1.1.1.1 2.2.2.2 any -P in ipsec;', /expected a rule/],
    ['spdadd 1.1.1.1 2.2.2.2 any -P out ipsec esp/transport//unique:0;', /unique:N/],
    ['spdadd 1.1.1.1 2.2.2.2 any -P out ipsec esp/tunnel/1.1.1.1/require;', /endpoints/],
    [';', /expected a command/],
  ] as const;
  for (const [text, message] of cases) assert.match(onlyError(text).message, message, text);
});

test('no error shows a key', () => {
  const key = 'c0ffee00c0ffee00c0ffee00c0ffee00';
  const texts = [
    `-E aes-cbc 0x${key}zz`,
    `-E aes-cbc ${key}`,
    `-E 0x${key}`,
    `-E null 0x${key}`,
    `-E aes-cbc 0x${key} "${key}"`,
    `0x${key}`,
  ];
  for (const text of texts) {
    const errors = JSON.stringify(parseSetkey(`add 1.1.1.1 2.2.2.2 esp 256 ${text};`).errors);
    assert.ok(errors.length > 10 && !errors.includes('ffee'), errors);
  }
});

test('a text that is no setkey at all ends after a bounded number of errors', () => {
  const { errors } = parseSetkey('x;'.repeat(10_000));
  assert.equal(errors.length, maximumErrors + 1);
  assert.match(errors.at(-1)?.message ?? '', /more than 1000 syntax errors: the rest of the text is not read/);
});

test('never throws and always places its errors inside the text', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      ...commandWords,
      '10.0.0.1',
      '::1',
      'esp',
      '256',
      '-E',
      'null',
      'aes-cbc',
      '0x00',
      '-P',
      'in',
      'ipsec',
    ),
    fc.constantFrom('esp/transport//unique', '"x"', '"', ';', '[', ']', '/', ',', '\n', '-A', '-m', '-ctx', 'any', '#'),
    fc.string({ maxLength: 5 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join(' ');
      const lines = text.split('\n');
      for (const { line, column } of parseSetkey(text).errors) {
        assert.ok(line >= 1 && line <= lines.length);
        assert.ok(column >= 1 && column <= (lines[line - 1] ?? '').length + 1);
      }
    }),
    { numRuns: 2000 },
  );
});
