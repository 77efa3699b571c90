/** @module */
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { test } from 'node:test';
import { keyMaterial, profileSecretsSchema, viewSecrets } from '#core/profile/profile-secrets.ts';
import { exampleSecrets } from '#test/support/profile/profiles.ts';

test('of secrets only lengths are told, and 0 where there is no key', () => {
  const [pair] = exampleSecrets.pairs;
  assert.ok(pair !== undefined);
  const secrets = {
    kind: 'manual' as const,
    pairs: [{ out: { encryption: 'ab'.repeat(20), integrity: null }, in: pair.in }],
  };
  assert.deepEqual(viewSecrets(secrets), {
    pairs: [{ out: { encryptionBits: 160, integrityBits: 0 }, in: { encryptionBits: 128, integrityBits: 256 } }],
  });
});

test('keys are hexadecimal with or without 0x, in either case', () => {
  const pair = { encryption: '0xAB', integrity: null };
  const parsed = profileSecretsSchema.parse({ kind: 'manual', pairs: [{ out: pair, in: { encryption: 'cd' } }] });
  assert.deepEqual(parsed.pairs, [
    { out: { encryption: 'ab', integrity: null }, in: { encryption: 'cd', integrity: null } },
  ]);
  for (const encryption of ['abc', 'xy', '0x0', ' ab']) {
    const bad = profileSecretsSchema.safeParse({ kind: 'manual', pairs: [{ out: { encryption }, in: pair }] });
    assert.ok(!bad.success, encryption);
    assert.ok(!JSON.stringify(bad.error.issues).includes(`"${encryption}"`));
  }
});

test('key material of a profile does not print', () => {
  assert.ok(!inspect(keyMaterial('abababab')).includes('171'));
  assert.equal(String(keyMaterial('abababab')), '(32-bit key)');
});
