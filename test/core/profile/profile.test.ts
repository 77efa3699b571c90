/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { interfaceOptions } from '#core/profile/profile-check.ts';
import { profileNameSchema } from '#core/profile/profile.ts';
import { initialFlags } from '#core/ipsecif/flags.ts';
import { initialOptions } from '#core/ipsecif/interface-options.ts';
import { defaultMtu } from '#core/ipsecif/mtu.ts';
import { exampleProfile } from '#test/support/profile/profiles.ts';

test('what is left out is what a fresh interface has', () => {
  const profile = exampleProfile();
  const { flags, mtu, startup } = profile;
  assert.deepEqual(
    [{ ...flags, isUp: false }, interfaceOptions(profile), mtu, startup],
    [initialFlags, initialOptions, defaultMtu, 'manual'],
  );
});

test('flags and options may be given in part', () => {
  const profile = exampleProfile({ flags: { link1: true }, options: { hopLimit: 9 } });
  const { flags } = profile;
  const options = interfaceOptions(profile);
  assert.deepEqual([flags.link1, flags.link2, options.hopLimit, options.keepalives], [true, true, 9, true]);
});

test('names are what can be typed and shown: letters of any script, blanks inside, nothing that hides', () => {
  for (const name of ['office', 'Büro Wien', 'vpn_2.example', '東京', '1', 'a'.repeat(64)]) {
    assert.ok(profileNameSchema.safeParse(name).success, name);
  }
  for (const name of ['', ' a', 'a ', '-f', '.', '../x', 'a/b', 'a\u0000', 'a\nb', 'a\u202eb', 'a'.repeat(65)]) {
    assert.ok(!profileNameSchema.safeParse(name).success, JSON.stringify(name));
  }
});

test('one name in two spellings of Unicode is one name', () => {
  assert.equal(profileNameSchema.parse('Bu\u0308ro'), profileNameSchema.parse('B\u00fcro'));
});
