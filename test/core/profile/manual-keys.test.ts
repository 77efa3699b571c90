/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encryptionAlgorithms, encryptionRow, type EncryptionAlgorithmName } from '#core/crypto/algorithms.ts';
import { generatePairs, generateSecrets, recommendedSuite } from '#core/profile/manual-keys.ts';
import { checkProfile } from '#core/profile/profile-check.ts';
import { SeededRandom } from '#core/host/memory/seeded-random.ts';
import { exampleProfile } from '#test/support/profile/profiles.ts';

test('generated keys fit every suite of the registry', () => {
  const random = new SeededRandom(1);
  for (const name of Object.keys(encryptionAlgorithms) as EncryptionAlgorithmName[]) {
    const integrity = encryptionRow(name).kind === 'aead' ? null : 'hmac-sha512';
    const pairs = generatePairs({ link0: false, link2: true }, random, () => false);
    const profile = exampleProfile({ keys: { kind: 'manual', encryption: name, integrity, pairs } });
    checkProfile(profile, generateSecrets(profile.keys, random));
  }
});

test('no two keys and no two SPIs are alike, and SPIs in use are left alone', () => {
  const random = new SeededRandom(2);
  const asked: number[] = [];
  const pairs = generatePairs({ link0: false, link2: true }, random, (spi) => asked.push(spi) === 1);
  const secrets = generateSecrets({ ...recommendedSuite, pairs }, random);
  const keys = secrets.pairs.flatMap(({ out, in: received }) => [out, received].flatMap(Object.values));
  assert.equal(new Set(keys).size, 8);
  const spis = pairs.flatMap(({ spiOut, spiIn }) => [spiOut, spiIn]);
  assert.equal(new Set(spis).size, 4);
  assert.ok(!spis.includes(asked[0] ?? 0));
});

test('the pairs are those that the flags ask for', () => {
  const carried = (link0: boolean, link2: boolean): string[] =>
    generatePairs({ link0, link2 }, new SeededRandom(3), () => false).map(({ carries }) => carries);
  assert.deepEqual([carried(false, true), carried(false, false)], [['ipv4', 'ipv6'], ['ipv4']]);
  assert.deepEqual([carried(true, true), carried(true, false)], [['any'], ['any']]);
});

test('the suite for keys by hand has no counter that could repeat after a restart (RFC 8221 §3)', () => {
  assert.equal(encryptionRow(recommendedSuite.encryption).hasCounterIv, false);
});
