/** @module */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { exportFormatNames, exportFormats, exportProfile } from '#core/profile/export/export-format.ts';
import { exportCases, fileOf, routedProfile, sourceOf } from '#test/support/profile/export-source.ts';
import { exampleSecrets } from '#test/support/profile/profiles.ts';

test('each format has a file of its own name', () => {
  const files = new Set(readdirSync('core/profile/export'));
  for (const name of exportFormatNames) assert.ok(files.has(`${name}.ts`), name);
});

test('no format holds a key unless it is given any, and says so exactly where it does', () => {
  const key = /1{32}|2{32}|3{32}|4{32}/;
  for (const name of exportFormatNames.filter((each) => each !== 'qr')) {
    for (const { text, holdsKeys } of exportProfile(name, exportCases.plain())) {
      assert.deepEqual([key.test(text), holdsKeys], [false, false], name);
    }
    const withKeys = exportProfile(name, exportCases.keys());
    for (const { text, holdsKeys } of withKeys) assert.equal(key.test(text), holdsKeys, name);
    assert.equal(
      withKeys.some(({ holdsKeys }) => holdsKeys),
      exportFormats[name].carriesKeys,
      name,
    );
  }
});

test('options that a format has no place for are named in it', () => {
  const profile = { ...routedProfile, options: { keepalives: false, hopLimit: 9 } };
  const source = sourceOf(profile, exampleSecrets, false);
  for (const name of ['setkey', 'linux', 'swanctl', 'networkd'] as const) {
    assert.match(fileOf(name, source), /^# Options that this format has no place for: hopLimit, keepalives\.$/m);
  }
});

test('a hostile description or name reaches no text as a line of its own', () => {
  const profile = { ...routedProfile, description: 'x\nflush;\nrm -rf /' };
  for (const name of exportFormatNames.filter((each) => each !== 'json')) {
    for (const { text } of exportProfile(name, sourceOf(profile, exampleSecrets, true))) {
      assert.doesNotMatch(text, /^(flush;|rm )/m, name);
    }
  }
});
