/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileSecretsSchema } from '#core/profile/profile-secrets.ts';
import { parseProfile } from '#core/profile/stored-profile.ts';
import { assertGolden, exportCases, fileOf, routedProfile } from '#test/support/profile/export-source.ts';
import { exampleSecrets } from '#test/support/profile/profiles.ts';

for (const name of ['plain', 'keys', 'peer', 'nat-t'] as const) {
  test(`${name}: the file is as agreed`, () => assertGolden(name, 'json'));
}

test('with keys it is what culvert profile create takes', () => {
  const { profile, secrets } = JSON.parse(fileOf('json', exportCases.keys())) as Record<string, unknown>;
  assert.deepEqual(parseProfile(profile), routedProfile);
  assert.deepEqual(profileSecretsSchema.parse(secrets), exampleSecrets);
});

test('placeholders are refused where keys are wanted', () => {
  const { secrets } = JSON.parse(fileOf('json', exportCases.plain())) as Record<string, unknown>;
  assert.equal(profileSecretsSchema.safeParse(secrets).success, false);
});
