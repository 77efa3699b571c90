/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { profileWarnings } from '#core/profile/profile-warning.ts';
import { exampleProfile } from '#test/support/profile/profiles.ts';

test('counter modes with keys by hand are warned of, once (RFC 8221 §3)', () => {
  const { keys } = exampleProfile();
  const warnings = profileWarnings(exampleProfile({ keys: { ...keys, encryption: 'aes-gcm-16', integrity: null } }));
  assert.deepEqual(
    warnings.map(({ code }) => code),
    ['SETKEY_COUNTER_KEY'],
  );
  assert.match(warnings[0]?.message ?? '', /aes-gcm-16/);
});

test('extended sequence numbers without a replay window are warned of (RFC 4303 §3.3.3)', () => {
  const { keys } = exampleProfile();
  const warned = profileWarnings(exampleProfile({ keys: { ...keys, hasEsn: true } }));
  assert.deepEqual(
    warned.map(({ code }) => code),
    ['SETKEY_ESN_REPLAY'],
  );
  assert.deepEqual(profileWarnings(exampleProfile({ keys: { ...keys, hasEsn: true, replayBytes: 8 } })), []);
});

test('what a new profile has by default deserves none', () => {
  assert.deepEqual(profileWarnings(exampleProfile()), []);
});
