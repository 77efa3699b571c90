/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { netbsdRouteCommands, usesReqids } from '#core/profile/export/bsd-commands.ts';
import { exampleProfile, natTraversalProfile } from '#test/support/profile/profiles.ts';

test('a route leads to the other end’s inner address, else to the own one, else to the device', () => {
  const profile = exampleProfile({
    routes: ['10.2.0.0/16', 'fd02::/64'],
    addresses: [{ address: '172.16.1.1', prefixLength: 32, peer: '172.16.2.1' }],
  });
  assert.deepEqual(netbsdRouteCommands(profile), [
    'route add -inet 10.2.0.0/16 172.16.2.1',
    'route add -inet6 fd02::/64 -link ipsec0 -iface',
  ]);
  const alone = exampleProfile({ routes: ['10.2.0.0/16'], addresses: [{ address: '10.9.0.1', prefixLength: 24 }] });
  assert.deepEqual(netbsdRouteCommands(alone), ['route add -inet 10.2.0.0/16 10.9.0.1']);
});

test('only without link0 do policies have reqids', () => {
  assert.deepEqual([usesReqids(exampleProfile()), usesReqids(natTraversalProfile().profile)], [true, false]);
});
