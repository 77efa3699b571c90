/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toHex } from '#core/base/bytes.ts';
import { encryptionAlgorithms, integrityAlgorithms } from '#core/crypto/algorithms.ts';
import { readAlgorithms, type Algorithms } from '#core/setkey/reading/algorithm-parser.ts';
import { Lexer } from '#core/setkey/lexer.ts';
import { TokenReader } from '#core/setkey/reading/token-reader.ts';

const read = (text: string): Algorithms => readAlgorithms(new TokenReader(new Lexer(text)));

test('every spelling of the registry reads as the name of its row', () => {
  for (const [name, row] of Object.entries(encryptionAlgorithms)) {
    for (const spelling of [name, ...row.aliases]) {
      const text = `-E ${spelling} ${row.kind === 'null' ? '' : '0x00'};`;
      assert.equal(read(text).encryption?.name, name);
    }
  }
  for (const [name, row] of Object.entries(integrityAlgorithms)) {
    for (const spelling of [name, ...row.aliases]) assert.equal(read(`-A ${spelling} 0x00;`).integrity?.name, name);
  }
});

test('keys are hexadecimal or text; null has none', () => {
  const keyOf = (text: string): string => toHex(read(text).encryption?.key?.reveal() ?? assert.fail());
  assert.equal(keyOf('-E aes-cbc 0xABC'), '0abc');
  assert.equal(keyOf('-E aes-cbc "aé"'), '61c3a9');
  assert.equal(keyOf('-E aes-cbc 0x'), '');
  assert.equal(read('-E null -A null;').encryption?.key, null);
  assert.equal(read('-E null -A null;').integrity?.key, null);
});

test('the three may come in any order, each with its position, each once', () => {
  const { encryption, integrity, compression } = read('-A hmac-sha1 "k" -C deflate -R -E null;');
  assert.deepEqual(
    [encryption?.position.column, integrity?.position.column, compression?.position.column],
    [32, 1, 18],
  );
  assert.equal(compression?.isRaw, true);
  assert.throws(() => read('-E null -E null;'), /once/);
});
