import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suiteLabel } from '#renderer/text/suite-label.ts';

test('a suite is named by what the registry calls it, without salt and without the lengths of what is cut off', () => {
  assert.equal(suiteLabel({ encryption: 'aes-gcm-16', integrity: null, bits: 288 }), 'AES-GCM 256');
  assert.equal(
    suiteLabel({ encryption: 'aes-cbc', integrity: 'hmac-sha256', bits: 256 }),
    'AES-CBC 256, HMAC-SHA2-256',
  );
});

test('what the registry does not know keeps its name, and no length is invented', () => {
  assert.equal(suiteLabel({ encryption: 'newer', integrity: 'other-128', bits: 0 }), 'newer, other-128');
});
