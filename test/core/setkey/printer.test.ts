/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseSetkey } from '#core/setkey/parser.ts';
import { printStatements } from '#core/setkey/printer.ts';
import { anyStatement, comparable } from './statement-arbitrary.ts';

const reprint = (text: string): string => printStatements(parseSetkey(text).statements);

test('parsing what was printed gives the same tree', () => {
  fc.assert(
    fc.property(fc.array(anyStatement, { maxLength: 4 }), (statements) => {
      const { statements: parsed, errors } = parseSetkey(printStatements(statements));
      assert.deepEqual(errors, []);
      assert.deepEqual(comparable(parsed), comparable(statements));
    }),
    { numRuns: 500 },
  );
});

test('the text is canonical: names, addresses, numbers and defaults', () => {
  assert.equal(
    reprint(
      'add\n2001:DB8:0::1 2001:db8::2[any] esp 0x100 -m any -f seq-pad -r 0 -E rijndael-cbc "aaaaaaaaaaaaaaaa"  ;',
    ),
    `add 2001:db8::1 2001:db8::2 esp 256 -E aes-cbc 0x${'61'.repeat(16)};\n`,
  );
  assert.equal(
    reprint('spdadd 10.0.0.1 10.0.0.2 ip4 -P out ipsec esp/transport;'),
    'spdadd 10.0.0.1/32 10.0.0.2/32 ipv4 -P out ipsec esp/transport//default;\n',
  );
});

test('a key with an odd number of digits is read as if a 0 stood in front', () => {
  assert.equal(
    reprint('add 1.2.3.4 1.2.3.5 esp 256 -E des-cbc 0x123;'),
    'add 1.2.3.4 1.2.3.5 esp 256 -E des-cbc 0x0123;\n',
  );
});

test('without keys a placeholder stands in their place', () => {
  const { statements } = parseSetkey('add 1.2.3.4 1.2.3.5 esp 256 -E aes-cbc 0x00112233445566778899aabbccddeeff;');
  const text = printStatements(statements, { withKeys: false });
  assert.equal(text, 'add 1.2.3.4 1.2.3.5 esp 256 -E aes-cbc (128-bit key);\n');
});
