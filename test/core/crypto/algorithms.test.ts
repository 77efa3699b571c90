import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  encryptionAlgorithms,
  encryptionRow,
  findEncryptionAlgorithm,
  findIntegrityAlgorithm,
  integrityAlgorithms,
  refusedAlgorithms,
  type EncryptionAlgorithm,
  type EncryptionAlgorithmName,
  type IntegrityAlgorithm,
} from '#core/crypto/algorithms.ts';
import { portableCiphers } from '#core/crypto/portable-cipher.ts';
import { portableIntegrity } from '#core/crypto/portable-integrity.ts';
import { espVectorFiles, espVectors } from '#test/conformance/esp-vectors.ts';

const encryptionRows = Object.values(encryptionAlgorithms);
const integrityRows = Object.values(integrityAlgorithms);

test('no two rows of a table share a number or a spelling', () => {
  for (const rows of [encryptionRows, integrityRows]) {
    for (const column of ['ikeTransformId', 'pfkeyId', 'label'] as const) {
      const values = rows.map((row) => row[column]).filter((value) => value !== null);
      assert.equal(new Set(values).size, values.length, column);
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

test('exactly the rows that RFC 8221 says not to use have a weakness, which is their reason', () => {
  const rows: readonly (EncryptionAlgorithm | IntegrityAlgorithm)[] = [...encryptionRows, ...integrityRows];
  for (const { label, status, weakness } of rows) {
    assert.equal(weakness !== undefined, status === 'SHOULD NOT' || status === 'MUST NOT', label);
  }
  assert.deepEqual(
    rows.filter((row) => row.weakness !== undefined).map((row) => row.label),
    ['3DES-CBC'],
  );
});

test('a cipher that counts has no block of its own to fill, a CBC cipher fills its IV', () => {
  for (const name of Object.keys(encryptionAlgorithms) as EncryptionAlgorithmName[]) {
    const { hasCounterIv, kind, blockBytes, ivBytes } = encryptionRow(name);
    if (hasCounterIv) assert.ok(ivBytes === 8 && blockBytes <= 4, name);
    else if (kind === 'cipher') assert.equal(blockBytes, ivBytes, name);
  }
});

test("has IANA's transform ids and NetBSD's PF_KEY numbers", () => {
  const idsOf = (rows: readonly (EncryptionAlgorithm | IntegrityAlgorithm)[]): string =>
    rows.map((row) => `${row.ikeTransformId}/${row.pfkeyId}`).join(' ');
  assert.equal(idsOf(encryptionRows), '20/20 19/19 18/18 28/null 16/16 21/23 12/12 13/13 23/22 3/3 11/11');
  assert.equal(idsOf(integrityRows), '12/5 13/6 14/7 2/3 5/9 8/null');
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
  const vectors = espVectorFiles.flatMap(espVectors);
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
  for (const spelling of [
    'AES-CBC',
    '',
    'toString',
    '__proto__',
    'des-cbc',
    'blowfish-cbc',
    'cast128-cbc',
    'hmac-md5',
  ]) {
    assert.equal(findEncryptionAlgorithm(spelling), null, spelling);
    assert.equal(findIntegrityAlgorithm(spelling), null, spelling);
  }
});
