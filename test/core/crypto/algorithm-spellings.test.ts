/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encryptionSpellings, integritySpellings } from '#core/crypto/algorithm-spellings.ts';
import { encryptionAlgorithms, encryptionRow, type EncryptionAlgorithmName } from '#core/crypto/algorithms.ts';
import { parseSetkey } from '#core/setkey/parser.ts';

const encryptions = Object.entries(encryptionSpellings) as [
  EncryptionAlgorithmName,
  (typeof encryptionSpellings)['null'],
][];

test('setkey’s parser reads the BSDs’ spellings as the same row', () => {
  for (const [name, { netbsd, freebsd }] of encryptions) {
    const { keyBits, saltBytes, kind } = encryptionRow(name);
    const key = keyBits.length === 0 ? '' : ` 0x${'ab'.repeat((keyBits[0] ?? 0) / 8 + saltBytes)}`;
    for (const spelling of [netbsd, freebsd]) {
      if (spelling === null) continue;
      const integrity = kind === 'aead' ? '' : ` -A hmac-sha2-256 0x${'cd'.repeat(32)}`;
      const { statements } = parseSetkey(`add 192.0.2.1 192.0.2.2 esp 4096 -E ${spelling}${key}${integrity};`);
      const [statement] = statements;
      assert.ok(statement?.kind === 'add', spelling);
      assert.equal(statement.encryption?.name, name);
    }
  }
});

test('a spelling with a place for bits is of an algorithm that has several key lengths', () => {
  for (const [name, { strongswan }] of encryptions) {
    assert.equal(strongswan?.includes('%'), encryptionAlgorithms[name].keyBits.length > 1, name);
  }
});

test('no two integrity algorithms share a spelling', () => {
  for (const system of ['netbsd', 'freebsd', 'linux', 'strongswan'] as const) {
    const names = Object.values(integritySpellings).flatMap((row) => row[system] ?? []);
    assert.equal(new Set(names).size, names.length, system);
  }
});
