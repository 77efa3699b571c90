/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  areComplete,
  encryptionDigits,
  integrityDigits,
  keyDigits,
  keyFault,
  noKeys,
  repeatedKeys,
  toSecrets,
  type PastedPair,
} from '#renderer/draft/pasted-keys.ts';
import { findSuite } from '#renderer/draft/suite-choice.ts';

const cbc = findSuite('aes-cbc/hmac-sha256');
const gcm = findSuite('aes-gcm-16');
const key = 'ab'.repeat(32);

test('lengths are the registry’s, with the salt behind the key (RFC 4106 §8.1)', () => {
  assert.deepEqual(encryptionDigits(gcm), [40, 56, 72]);
  assert.deepEqual(encryptionDigits(cbc), [32, 48, 64]);
  assert.deepEqual(integrityDigits(cbc), [64]);
  assert.deepEqual(integrityDigits(gcm), []);
});

test('a key is told empty, of wrong digits, or of wrong length', () => {
  assert.equal(keyFault('', [64]), 'empty');
  assert.equal(keyFault('0x', [64]), 'empty');
  assert.equal(keyFault('xyz', [64]), 'digits');
  assert.equal(keyFault('abc', [64]), 'length');
  assert.equal(keyFault(key, [64]), null);
  assert.equal(keyFault('', []), null);
});

test('keys are read as people paste them: 0x, blanks, colons, capitals', () => {
  assert.equal(keyDigits(' 0xAB:cd 01\n'), 'abcd01');
});

test('both directions and both keys are needed', () => {
  const one = { encryption: key, integrity: key };
  assert.equal(areComplete([{ out: one, in: one }], cbc), true);
  assert.equal(areComplete([{ out: one, in: { ...one, integrity: '' } }], cbc), false);
  assert.equal(areComplete([noKeys], cbc), false);
});

test('a counter mode takes no key twice, in whatever spelling (RFC 4106 §3.1); a chained one does', () => {
  const pair = (out: string, into: string): PastedPair => ({
    out: { encryption: out, integrity: key },
    in: { encryption: into, integrity: key },
  });
  const [first, second] = ['ab'.repeat(36), 'cd'.repeat(36)];
  assert.deepEqual(repeatedKeys([pair(first, `0x${first.toUpperCase()}`)], gcm), [first]);
  assert.equal(areComplete([pair(first, first)], gcm), false);
  assert.equal(areComplete([pair(first, second)], gcm), true);
  assert.deepEqual(repeatedKeys([noKeys, noKeys], gcm), []);
  assert.deepEqual(repeatedKeys([pair(key, key)], cbc), []);
  assert.deepEqual(repeatedKeys([pair(first, second), pair(second, first)], gcm), [second, first]);
});

test('a suite that authenticates by itself sends no integrity key, also where one was pasted before', () => {
  const one = { encryption: 'ab'.repeat(36), integrity: key };
  const { pairs } = toSecrets([{ out: one, in: one }], gcm);
  assert.deepEqual(pairs, [
    { out: { encryption: one.encryption, integrity: null }, in: { encryption: one.encryption, integrity: null } },
  ]);
});
