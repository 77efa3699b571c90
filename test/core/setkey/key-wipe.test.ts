/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSetkey } from '#core/setkey/parser.ts';
import { printStatements } from '#core/setkey/printer.ts';
import { wipeKeys } from '#core/setkey/key-wipe.ts';

test('every key of every statement becomes zeros, and nothing else changes', () => {
  const text = `add 10.0.0.1 10.0.0.2 esp 256 -E aes-cbc 0x5a5a -A hmac-sha1 "zz";
    update 10.0.0.1 10.0.0.2 esp 257 -E null -A null; add 10.0.0.1 10.0.0.2 ah 258 -A hmac-sha1 0x77; flush;`;
  const { statements } = parseSetkey(text);
  wipeKeys(statements);
  assert.equal(
    printStatements(statements),
    `add 10.0.0.1 10.0.0.2 esp 256 -E aes-cbc 0x0000 -A hmac-sha1 0x0000;
update 10.0.0.1 10.0.0.2 esp 257 -E null -A null;
add 10.0.0.1 10.0.0.2 ah 258 -A hmac-sha1 0x00;
flush;
`,
  );
});
