/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diagnose } from '#core/setkey/editor/diagnostic.ts';

const key = '5a'.repeat(16);
const mac = `-A hmac-sha256 0x${'5b'.repeat(32)}`;

test('syntax errors, refusals and warnings come in the order of the text, each with the word it is about', () => {
  const text = `add 10.0.0.1 10.0.0.2 esp 256 -E aes-gcm-16 0x${key}00000000;
add 10.0.0.1 10.0.0.2 ah 256 -A hmac-sha1 0x00;
add 10.0.0.1 10.0.0.2 esp 255 -E aes-cbc 0x${key} ${mac};
add 10.0.0.1 10.0.0.2 esp 300 -E aes-cbc 0x${key}0 ${mac};
add 10.0.0.1 10.0.0.2 esp 301 -E aes-cbc 0x${key.slice(1)} ${mac};
get 10.0.0.1 10.0.0.2 esp 256 -m any; get 10.0.0.1 10.0.0.2 esp 256 -m tunnel;
dmup;
spdadd 10.0.0.1 10.0.0.2 any -P out ipsec esp/tunnel/1.1.1.1-2.2.2.2/use;
flush "open`;
  const findings = diagnose(text).map(({ severity, code, line, from, to }) => [
    severity,
    code,
    line,
    text.slice(from, to),
  ]);
  assert.deepEqual(findings, [
    ['warning', 'SETKEY_COUNTER_KEY', 1, 'add'],
    ['error', 'SA_UNSUPPORTED', 2, 'ah'],
    ['error', 'SPI_RESERVED', 3, '255'],
    ['error', 'KEY_LENGTH', 4, '-E'],
    ['warning', 'SETKEY_ODD_KEY', 4, `0x${key}0`],
    ['warning', 'SETKEY_ODD_KEY', 5, `0x${key.slice(1)}`],
    ['warning', 'SETKEY_MODE_OBSOLETE', 6, 'get'],
    ['error', 'SETKEY_SYNTAX', 7, 'dmup'],
    ['error', 'POLICY_UNSUPPORTED', 8, 'esp'],
    ['error', 'SETKEY_SYNTAX', 9, '"open'],
  ]);
});

test('every finding says what helps, and none shows a key', () => {
  const text = `add 10.0.0.1 10.0.0.2 esp 300 -E aes-cbc 0x${key}0; add 10.0.0.1 10.0.0.2 esp 1 -E aes-cbc 0x${key}zz;`;
  const findings = diagnose(text);
  assert.equal(findings.length, 3);
  for (const { message, hint } of findings) {
    assert.ok(hint.length > 0, message);
    assert.doesNotMatch(message + hint, /5a5a/);
  }
});

test('a good text has none', () => {
  assert.deepEqual(diagnose(`flush; add 10.0.0.1 10.0.0.2 esp 256 -E aes-cbc 0x${key} ${mac}; # fine\nspddump;`), []);
});
