/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { carriedFamilies, keysOrZeros, stemOf } from '#core/profile/export/export-source.ts';
import { exportCases } from '#test/support/profile/export-source.ts';
import { exampleProfile, exampleSecrets, natTraversalProfile } from '#test/support/profile/profiles.ts';

test('without keys zeros of the same lengths stand for them', () => {
  const zeros = keysOrZeros(exportCases.plain());
  assert.equal(zeros.pairs[1]?.in.encryption, '0'.repeat(32));
  assert.equal(zeros.pairs[1]?.in.integrity, '0'.repeat(64));
  assert.equal(keysOrZeros(exportCases.keys()), exampleSecrets);
});

test('a name of a file has only characters that every system takes', () => {
  assert.equal(stemOf(exampleProfile({ name: 'Büro 2.0 @home' })), 'B-ro-2-0-home');
  assert.equal(stemOf(exampleProfile({ name: '日本' })), 'ipsec0');
});

test('one pair for any family carries IPv6 only with link2', () => {
  assert.deepEqual(carriedFamilies(natTraversalProfile().profile), [4, 6]);
  assert.deepEqual(carriedFamilies(natTraversalProfile({ flags: { link0: true, link2: false } }).profile), [4]);
});
