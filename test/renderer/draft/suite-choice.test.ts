/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encryptionRow, integrityRow } from '#core/crypto/algorithms.ts';
import { recommendedSuite } from '#core/profile/manual-keys.ts';
import { findSuite, recommendedChoice, suiteChoices } from '#renderer/draft/suite-choice.ts';

test('the recommended suite comes first, and is what an unknown name gives', () => {
  assert.equal(suiteChoices[0]?.id, recommendedChoice);
  assert.equal(suiteChoices[0]?.encryption, recommendedSuite.encryption);
  assert.equal(findSuite('nonsense').isRecommended, true);
  assert.equal(suiteChoices.filter(({ isRecommended }) => isRecommended).length, 1);
});

test('nothing weak, nothing that stays readable and nothing without integrity is offered (RFC 8221 §5)', () => {
  for (const { id, encryption, integrity } of suiteChoices) {
    assert.equal(encryptionRow(encryption).weakness, undefined, id);
    assert.equal(encryptionRow(encryption).hidesNothing, undefined, id);
    assert.equal(integrity === null, encryptionRow(encryption).kind === 'aead', id);
    if (integrity !== null) assert.equal(integrityRow(integrity).weakness, undefined, id);
  }
});

test('names are told apart, and the length of the key belongs to the name', () => {
  assert.equal(new Set(suiteChoices.map(({ id }) => id)).size, suiteChoices.length);
  assert.equal(new Set(suiteChoices.map(({ label }) => label)).size, suiteChoices.length);
  assert.equal(findSuite('aes-gcm-16').label, 'AES-GCM 256, 16-byte ICV');
});

test('counters are marked: they must not repeat over a restart (RFC 8221 §3)', () => {
  assert.equal(findSuite('aes-gcm-16').hasCounter, true);
  assert.equal(findSuite(recommendedChoice).hasCounter, false);
});
