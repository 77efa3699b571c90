/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { carriedNetworks } from '#core/tunnel/profile/profile-setup.ts';
import { exampleProfile } from '#test/support/profile/profiles.ts';

test('default routes are carried in halves, which the machine’s own default route does not meet; others as they are', () => {
  const routes = ['10.2.3.4/16', '0.0.0.0/0', '::/0', 'fd02::/64'];
  assert.deepEqual(carriedNetworks(exampleProfile({ routes })), [
    ...['10.2.0.0/16', '0.0.0.0/1', '128.0.0.0/1', '::/1', '8000::/1', 'fd02::/64'],
  ]);
});
