/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { migrateProfile } from '#core/profile/profile-migration.ts';
import { profileVersion } from '#core/profile/profile.ts';
import { thrownCode } from '#test/support/thrown-code.ts';

test('the chain has a step from every version, and each leads to this one', () => {
  for (let version = 1; version <= profileVersion; version++) {
    assert.equal(migrateProfile({ version }).version, profileVersion);
  }
});

test('a document of this version is given back as it is', () => {
  const document = { version: profileVersion, autostart: true };
  assert.equal(migrateProfile(document), document);
});

test('version 1 said autostart; false and nothing are manual', () => {
  assert.equal(migrateProfile({ version: 1, autostart: true })['startup'], 'up');
  assert.equal(migrateProfile({ version: 1, autostart: false })['startup'], 'manual');
  assert.equal(migrateProfile({ version: 1 })['startup'], 'manual');
  assert.ok(!('autostart' in migrateProfile({ version: 1, autostart: true })));
});

test('a version that is no positive whole number is broken, a higher one is newer', () => {
  for (const version of [undefined, null, '2', 0, -1, 1.5, Number.NaN]) {
    assert.equal(
      thrownCode(() => migrateProfile({ version })),
      'PROFILE_INVALID',
      String(version),
    );
  }
  assert.equal(
    thrownCode(() => migrateProfile({ version: profileVersion + 1 })),
    'PROFILE_NEWER',
  );
});
