/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exportProfile } from '#core/profile/export/export-format.ts';
import { generateSecrets } from '#core/profile/manual-keys.ts';
import { assertGolden, exportCases, fileOf, routedProfile, sourceOf } from '#test/support/profile/export-source.ts';
import { exampleProfile, exampleSecrets } from '#test/support/profile/profiles.ts';
import { thrownCode } from '#test/support/thrown-code.ts';

for (const name of ['plain', 'peer', 'nat-t'] as const) {
  test(`${name}: the file is as agreed`, () => assertGolden(name, 'swanctl'));
}

test('keys made by hand are not in it, asked for or not, and it says so', () => {
  const [file] = exportProfile('swanctl', exportCases.keys());
  assert.equal(file?.holdsKeys, false);
  assert.doesNotMatch(file?.text ?? '', /[1-4]{16}/);
  assert.match(file?.text ?? '', /cannot carry keys made by hand/);
});

test('the proposal has the bits of the keys without their salt', () => {
  const keys = { ...routedProfile.keys, encryption: 'aes-gcm-16' as const, integrity: null, hasEsn: true };
  const secrets = generateSecrets(keys, { fill: (out) => void out.fill(1) }, 192);
  assert.match(
    fileOf('swanctl', sourceOf({ ...routedProfile, keys }, secrets, false)),
    /esp_proposals = aes192gcm16-esn$/m,
  );
});

test('names stay names, and auto is any address', () => {
  const profile = exampleProfile({ local: { host: 'auto' }, peer: { host: 'vpn.example.com' }, name: 'Büro 2.0' });
  const text = fileOf('swanctl', sourceOf(profile, exampleSecrets, false));
  assert.match(text, /local_addrs = %any\n +remote_addrs = vpn\.example\.com$/m);
  assert.match(text, /^ {2}B-ro-2-0 \{$/m);
});

test('a cipher without integrity is refused', () => {
  const keys = { ...routedProfile.keys, integrity: null };
  const source = sourceOf({ ...routedProfile, keys }, exampleSecrets, false);
  assert.equal(
    thrownCode(() => fileOf('swanctl', source)),
    'EXPORT_UNSUPPORTED',
  );
});

test('a tunnel called include is no include statement', () => {
  const text = fileOf('swanctl', sourceOf(exampleProfile({ name: 'include' }), exampleSecrets, false));
  assert.match(text, /^ {2}include- \{$/m);
  assert.doesNotMatch(text, /^\s*include\s/m);
});
