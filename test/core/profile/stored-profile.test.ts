/** @module */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { IpsecError } from '#core/base/error.ts';
import { profileVersion } from '#core/profile/profile.ts';
import { emitStoredProfile, parseProfile, parseStoredProfile } from '#core/profile/stored-profile.ts';
import { exampleInput, exampleProfile, exampleSecrets } from '#test/support/profile/profiles.ts';
import { thrownCode } from '#test/support/thrown-code.ts';

const stored = { revision: 7, profile: exampleProfile(), secrets: exampleSecrets };

/** The version 1 fixture without the field that says where it is from. */
function oldText(change: (document: Record<string, unknown>) => void = () => {}): string {
  const document = JSON.parse(readFileSync('test/fixtures/profile/version-1.json', 'utf8')) as Record<string, unknown>;
  delete document['source'];
  change(document);
  return JSON.stringify(document);
}

test('what is written is read back as it was', () => {
  assert.deepEqual(parseStoredProfile(emitStoredProfile(stored)), stored);
});

test('a file of version 1 is read as a profile of this version, secrets and revision kept', () => {
  const { profile, secrets, revision } = parseStoredProfile(oldText());
  assert.equal(revision, 3);
  assert.equal(profile.version, profileVersion);
  assert.deepEqual(
    [profile.local, profile.peer, profile.startup],
    [{ host: '192.0.2.1', port: 4500 }, { host: 'vpn.example.com', port: 4500 }, 'up'],
  );
  assert.equal(secrets.pairs[0]?.in.encryption, '2'.repeat(32));
  // Once written it is a file of this version.
  assert.deepEqual(parseStoredProfile(emitStoredProfile({ profile, secrets, revision })).profile, profile);
});

test('a version that is not known yet is refused by its own code, whatever else stands in the file', () => {
  const text = JSON.stringify({
    revision: 1,
    profile: { version: profileVersion + 1, magic: true },
    secrets: 'sealed',
  });
  assert.equal(
    thrownCode(() => parseStoredProfile(text)),
    'PROFILE_NEWER',
  );
});

test('every prefix of a file is refused as broken, and no message repeats a key', () => {
  const text = emitStoredProfile(stored);
  for (let length = 0; length < text.length - 1; length += 7) {
    assert.throws(
      () => parseStoredProfile(text.slice(0, length)),
      (error: unknown) =>
        error instanceof IpsecError && error.code === 'PROFILE_INVALID' && !/1{8}|2{8}|3{8}|4{8}/.test(error.message),
    );
  }
});

test('a wrong value of any field is refused by name, without the value', () => {
  const secret = 'deadbeefdeadbeefdeadbeefdeadbee!';
  const text = emitStoredProfile(stored).replace('1'.repeat(32), secret);
  assert.throws(
    () => parseStoredProfile(text),
    (error: unknown) =>
      error instanceof IpsecError &&
      error.details['field'] === 'secrets.pairs.0.out.encryption' &&
      !error.message.includes('deadbeef'),
  );
});

test('a field that is not known is refused, so that a misspelt one is not lost', () => {
  assert.equal(
    thrownCode(() => parseProfile({ ...exampleInput, startUp: 'up' })),
    'PROFILE_INVALID',
  );
});

test('no JSON value at all makes the reader throw anything but its own refusals', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const code = thrownCode(() => parseStoredProfile(text));
      assert.ok(code === 'PROFILE_INVALID' || code === 'PROFILE_NEWER', String(code));
    }),
  );
});
