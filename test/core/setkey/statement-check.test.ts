/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSetkey } from '#core/setkey/parser.ts';
import { checkStatement } from '#core/setkey/statement-check.ts';

function findingsOf(text: string): readonly unknown[] {
  const { statements, errors } = parseSetkey(text);
  assert.deepEqual(errors, []);
  return statements.map((statement) => checkStatement(statement)?.code ?? null);
}

test('what would be refused by any SAD and SPD is found without one', () => {
  const text = `add 10.0.0.1 10.0.0.2 ah 256 -A hmac-sha1 0x00; update 10.0.0.1 10.0.0.2 esp 256 -E aes-cbc 0x00;
    spdadd 10.0.0.1 10.0.0.2 any -P in bypass; spdupdate 10.0.0.1 10.0.0.2 any -P in ipsec ah/transport;
    spddelete 10.0.0.1 10.0.0.2 gre 1 -P in; spdadd tagged "x" -P in none;`;
  assert.deepEqual(findingsOf(text), [
    ...['SA_UNSUPPORTED', 'KEY_LENGTH', 'POLICY_UNSUPPORTED', 'POLICY_UNSUPPORTED', 'POLICY_UNSUPPORTED'],
    'POLICY_UNSUPPORTED',
  ]);
});

test('what depends on the databases, or on what the helper allows, is not', () => {
  const text = `delete 10.0.0.1 10.0.0.2 esp 256; get 10.0.0.1 10.0.0.2 ah 256; flush ah; spdflush; dump;
    add 10.0.0.1 10.0.0.2 esp 256 -E null; spdadd 10.0.0.1 10.0.0.2 any -P in none;`;
  assert.deepEqual(new Set(findingsOf(text)), new Set([null]));
});
