/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encryptionAlgorithms, encryptionRow, type EncryptionAlgorithmName } from '#core/crypto/algorithms.ts';
import { esnWarnings, formatWarning, manualKeyWarnings, obsoleteModeWarnings } from '#core/setkey/statement-warning.ts';
import { parseSetkey } from '#core/setkey/parser.ts';

const key = '5a'.repeat(20);
const names = Object.keys(encryptionAlgorithms) as EncryptionAlgorithmName[];

function warningsOf(text: string): readonly string[] {
  const { statements, errors } = parseSetkey(text);
  assert.deepEqual(errors, []);
  return manualKeyWarnings(statements).map(formatWarning);
}

function add(name: string, spi: number): string {
  const algorithm = name === 'null' ? name : `${name} 0x${key}`;
  return `add 192.0.2.1 198.51.100.1 esp ${spi} -E ${algorithm};\n`;
}

test('exactly the ciphers whose IV is a counter deserve a warning (RFC 8221 §3)', () => {
  for (const name of names) {
    assert.equal(warningsOf(add(name, 256)).length, encryptionRow(name).hasCounterIv ? 1 : 0, name);
  }
});

test('one line for a whole text names the first line, each algorithm once, and the remedy, and shows no key', () => {
  const text = `flush;\n${add('aes-gcm-16', 256)}${add('aes-ctr', 257).replace('add', 'update')}${add('aes-gcm-16', 258)}`;
  const [warning = '', ...others] = warningsOf(text);
  assert.deepEqual(others, []);
  assert.match(warning, /^line 2: aes-gcm-16, aes-ctr with keys set by hand: .*aes-cbc with hmac-sha256/);
  assert.doesNotMatch(warning, /5a5a|\n/);
});

test('statements that set no key deserve none', () => {
  assert.deepEqual(warningsOf('flush; dump; delete 192.0.2.1 198.51.100.1 esp 256; spdflush;'), []);
});

test('a mode on get and delete is obsolete, each with its line; elsewhere it is not', () => {
  const text = `add 10.0.0.1 10.0.0.2 esp 256 -m transport -E null;
get 10.0.0.1 10.0.0.2 esp 256 -m transport;
get 10.0.0.1 10.0.0.2 esp 256;
delete 10.0.0.1 10.0.0.2 esp 256 -m tunnel;`;
  const { statements, errors } = parseSetkey(text);
  assert.deepEqual(errors, []);
  assert.deepEqual(obsoleteModeWarnings(statements).map(formatWarning), [
    'line 2: WARNING: mode is obsolete',
    'line 4: WARNING: mode is obsolete',
  ]);
});

test('extended numbers without a replay window in either direction deserve one warning (RFC 4303 §3.3.3)', () => {
  const one = (from: number, to: number, options: string): string =>
    `add 10.0.0.${from} 10.0.0.${to} esp ${256 + from} ${options} -E aes-cbc 0x${'11'.repeat(16)};\n`;
  const linesOf = (text: string): number[] =>
    esnWarnings(parseSetkey(text).statements).map(({ position }) => position.line);
  assert.deepEqual(linesOf(one(1, 2, '-esn') + one(2, 1, '-esn')), [1]);
  assert.deepEqual(linesOf(one(1, 2, '') + one(2, 1, '-esn')), [2]);
  assert.deepEqual(linesOf(one(1, 2, '-esn') + one(2, 1, '-esn -r 8')), []);
  assert.deepEqual(linesOf(one(1, 2, '-esn') + one(3, 1, '-esn -r 8')), [1]);
  assert.deepEqual(linesOf(one(1, 2, '') + one(2, 1, '-r 8')), []);
  const [warning] = esnWarnings(parseSetkey(one(1, 2, '-esn')).statements).map(formatWarning);
  assert.match(warning ?? '', /^line 1: -esn without a replay window: .*add -r 8$/);
});
