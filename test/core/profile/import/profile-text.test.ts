import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeCompactProfile } from '#core/profile/export/compact-profile.ts';
import { readProfileText } from '#core/profile/import/profile-text.ts';
import { exampleProfile, exampleSecrets } from '#test/support/profile/profiles.ts';

const profile = exampleProfile();
const secrets = exampleSecrets;

for (const [what, text, expected] of [
  ['a profile with its keys', JSON.stringify({ profile, secrets }), secrets],
  ['a profile alone', JSON.stringify(profile), null],
  ['a profile whose keys shall be made', JSON.stringify({ profile, secrets: 'generate' }), null],
  ['the compact line of a QR code', ` ${encodeCompactProfile({ profile, secrets })}\n`, secrets],
] as const) {
  test(`reads ${what}`, () => assert.deepEqual(readProfileText(text), { profile, secrets: expected }));
}

test('placeholders for keys are no keys', () => {
  const pairs = secrets.pairs.map(() => ({
    out: { encryption: '(288-bit key)', integrity: null },
    in: { encryption: '(288-bit key)', integrity: null },
  }));
  assert.equal(readProfileText(JSON.stringify({ profile, secrets: { kind: 'manual', pairs } })).secrets, null);
});

for (const [what, text] of [
  ['no JSON', '{ "secrets": "0a0b0c0d" '],
  ['a list', '[]'],
  ['keys that are none', JSON.stringify({ profile, secrets: { kind: 'manual', pairs: ['0a0b0c0d'] } })],
] as const) {
  test(`refuses ${what}, and repeats nothing of it`, () => {
    assert.throws(
      () => readProfileText(text),
      (error: Error & { code?: string }) => {
        assert.equal(error.code, 'PROFILE_INVALID');
        assert.ok(!JSON.stringify([error.message, { ...error }]).includes('0a0b0c0d'));
        return true;
      },
    );
  });
}
