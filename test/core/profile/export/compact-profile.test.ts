/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compactPrefix, decodeCompactProfile, encodeCompactProfile } from '#core/profile/export/compact-profile.ts';
import { profileVersion } from '#core/profile/profile.ts';
import { exportCases } from '#test/support/profile/export-source.ts';
import { exampleProfile, exampleSecrets } from '#test/support/profile/profiles.ts';
import { thrownCode } from '#test/support/thrown-code.ts';

test('what is decoded is what was encoded, with keys and without', () => {
  for (const [name, makeSource] of Object.entries(exportCases)) {
    const { profile, secrets } = makeSource();
    assert.deepEqual(decodeCompactProfile(encodeCompactProfile({ profile, secrets })), { profile, secrets }, name);
  }
  const named = { profile: exampleProfile({ name: 'Büro 2', description: 'two\nlines' }), secrets: exampleSecrets };
  assert.deepEqual(decodeCompactProfile(`${encodeCompactProfile(named)}\n`), named);
});

test('fields that are as the schema’s defaults have them are left out', () => {
  const profile = exampleProfile();
  const text = encodeCompactProfile({ profile, secrets: null });
  for (const field of ['description', 'flags', 'options', 'mtu', 'startup', 'soft', 'port', 'replayBytes']) {
    assert.ok(!text.includes(`"${field}"`), field);
  }
  assert.ok(text.includes('"version"'));
  assert.ok(!text.includes(' '));
});

test('other text, cut text and wrong fields are refused, and no key is repeated', () => {
  const text = encodeCompactProfile({ profile: exampleProfile(), secrets: exampleSecrets });
  const cases = [
    '',
    'WIFI:S:net;;',
    text.slice(0, -10),
    `${compactPrefix}[]`,
    `${compactPrefix}{"profile":{}}`,
    text.replace('"carries":"ipv4"', '"carries":"ipv5"'),
    text.replace(/"keys":"ERER/, '"keys":"=ERE'),
    text.replace(/"keys":"ERER/, '"keys":"'),
    text.replace(/"keys":"[^.]*\./, '"keys":"'),
    text.replace(/"keys":".*"/, '"keys":[]'),
  ];
  for (const broken of cases) {
    assert.throws(
      () => decodeCompactProfile(broken),
      (error: Error) => !/1{16}|ERE/.test(error.message),
      broken.slice(0, 40),
    );
  }
  const later = text.replace(`"version":${profileVersion}`, `"version":${profileVersion + 1}`);
  assert.equal(
    thrownCode(() => decodeCompactProfile(later)),
    'PROFILE_NEWER',
  );
});
