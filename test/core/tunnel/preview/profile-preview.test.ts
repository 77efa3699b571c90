/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIpAddress } from '#core/ip/address.ts';
import { previewProfile, standingSecrets } from '#core/tunnel/preview/profile-preview.ts';
import { exampleProfile, natTraversalProfile } from '#test/support/profile/profiles.ts';

const outer = { local: parseIpAddress('192.0.2.1'), peer: parseIpAddress('192.0.2.2'), localPort: 0, peerPort: 0 };

test('fixed reqids are known before, drawn ones are not', () => {
  const texts = (base: number | null): (string | null)[] =>
    previewProfile(exampleProfile(), outer, base).policies.map(({ after }) => after);
  assert.deepEqual(texts(8192), [
    'esp/transport//unique:8192',
    'esp/transport//unique:8192',
    'esp/transport//unique:8193',
    'esp/transport//unique:8193',
  ]);
  assert.ok(texts(null).every((text) => text === 'esp/transport//unique'));
});

test('over NAT-T the policies are at level require, and no statement needs a reqid', () => {
  const { policies, commands, associations } = previewProfile(natTraversalProfile().profile, outer, null);
  assert.ok(policies.every(({ after }) => after === 'esp/transport//require'));
  assert.doesNotMatch(commands.join('\n'), /REQID/);
  assert.deepEqual(
    associations.map(({ carries, direction }) => `${direction} ${carries}`),
    ['in any', 'out any'],
  );
});

test('without outer addresses only the routes are known', () => {
  const preview = previewProfile(exampleProfile(), null, null);
  assert.deepEqual([preview.routes.length, preview.policies.length, preview.commands.length], [1, 0, 0]);
});

test('keys that stand for others have the right lengths and say nothing', () => {
  const { pairs } = standingSecrets(exampleProfile());
  assert.equal(pairs.length, 2);
  assert.match(pairs[0]?.out.encryption ?? '', /^0+$/);
});
