import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  encryptionAlgorithms,
  encryptionRow,
  findEncryptionAlgorithm,
  findIntegrityAlgorithm,
  integrityAlgorithms,
  refusedAlgorithms,
  type EncryptionAlgorithmName,
} from '#core/crypto/algorithms.ts';
import { portableCiphers } from '#core/crypto/portable-cipher.ts';
import { portableIntegrity } from '#core/crypto/portable-integrity.ts';
import { espVectors } from '#test/conformance/esp-vectors.ts';

const encryptionRows = Object.values(encryptionAlgorithms);
const integrityRows = Object.values(integrityAlgorithms);

test('no two rows of a table share a number or a spelling', () => {
  for (const rows of [encryptionRows, integrityRows]) {
    for (const column of ['ikeTransformId', 'pfkeyId', 'label'] as const) {
      assert.equal(new Set(rows.map((row) => row[column])).size, rows.length, column);
    }
  }
  const spellings = [encryptionAlgorithms, integrityAlgorithms].flatMap((table) =>
    Object.entries(table).flatMap(([name, row]) => [name, ...row.aliases]),
  );
  const all = [...spellings, ...Object.keys(refusedAlgorithms)];
  assert.equal(new Set(all).size, all.length);
});

test('every row names its RFC', () => {
  for (const row of [...encryptionRows, ...integrityRows]) assert.match(row.rfc, /^RFC \d{4}$/);
});

test('an AEAD has an ICV of its own and nothing else has one; a counter IV comes with a salt', () => {
  for (const name of Object.keys(encryptionAlgorithms) as EncryptionAlgorithmName[]) {
    const row = encryptionRow(name);
    assert.equal(row.kind === 'aead', row.icvBytes > 0, name);
    assert.equal(row.kind === 'null', row.keyBits.length === 0, name);
    assert.equal(row.hasCounterIv, row.saltBytes > 0, name);
  }
});

test('the portable engine runs exactly the rows of the registry', () => {
  const ids = (rows: readonly { readonly ikeTransformId: number }[]): number[] =>
    rows.map((row) => row.ikeTransformId).sort((a, b) => a - b);
  assert.deepEqual(
    [...portableCiphers.keys()].sort((a, b) => a - b),
    ids(encryptionRows),
  );
  assert.deepEqual(
    [...portableIntegrity.keys()].sort((a, b) => a - b),
    ids(integrityRows),
  );
});

test('every row has a vector', () => {
  const vectors = [...espVectors('esp-vectors.json'), ...espVectors('generated-vectors.json')];
  for (const row of encryptionRows) {
    assert.ok(
      vectors.some((vector) => vector.spec.encryptionId === row.ikeTransformId),
      row.label,
    );
  }
  for (const row of integrityRows) {
    assert.ok(
      vectors.some((vector) => vector.spec.integrityId === row.ikeTransformId),
      row.label,
    );
  }
});

test('finds rows by every spelling, and nothing that objects inherit', () => {
  assert.equal(findEncryptionAlgorithm('rijndael-cbc'), 'aes-cbc');
  assert.equal(findEncryptionAlgorithm('aes-cbc'), 'aes-cbc');
  assert.equal(findIntegrityAlgorithm('hmac-sha2-256'), 'hmac-sha256');
  for (const spelling of ['AES-CBC', '', 'toString', '__proto__', 'des-cbc']) {
    assert.equal(findEncryptionAlgorithm(spelling), null, spelling);
    assert.equal(findIntegrityAlgorithm(spelling), null, spelling);
  }
});
