/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIpAddress } from '#core/ip/address.ts';
import { parsePrefix } from '#core/ip/prefix.ts';
import { findConflicts, type ConflictInput } from '#core/tunnel/preview/profile-conflict.ts';
import type { HostRoute } from '#core/tunnel/port/route-port.ts';
import { exampleProfile } from '#test/support/profile/profiles.ts';

const outer = { local: parseIpAddress('192.0.2.1'), peer: parseIpAddress('192.0.2.2'), localPort: 0, peerPort: 0 };
const route = (destination: string, metric = 0): HostRoute => ({
  ...{ destination: parsePrefix(destination), kind: 'unicast', interface: 'eth0', gateway: null, source: null },
  ...{ metric, origin: 'other' },
});
const clean: ConflictInput = {
  profile: exampleProfile({ networks: [] }),
  ...{ outer, routes: [], otherProfiles: [], outerMtu: 1500, toPeer: route('192.0.2.0/24') },
  status: { interfaces: [], associations: [] },
  addresses: [{ device: 'eth0', address: outer.local, prefixLength: 24 }],
};

function fields(changes: Partial<ConflictInput>): string[] {
  const found = findConflicts({ ...clean, ...changes }).filter(({ field }) => field !== 'keys');
  return found.map(({ field, severity }) => `${severity} ${field}`);
}

test('a profile that fits has no conflict', () => {
  assert.deepEqual(fields({}), []);
});

test('a source address that the machine does not have, and no way to the peer, are warnings: both may come', () => {
  assert.deepEqual(fields({ addresses: [], toPeer: null }), ['warning local.host', 'warning peer.host']);
});

test('a peer that is this machine itself is no other end', () => {
  const own = { device: 'eth0', address: outer.peer, prefixLength: 24 };
  assert.deepEqual(fields({ addresses: [...clean.addresses, own], toPeer: null }), ['error peer.host']);
});

test('an inner address that both ends have is told, and a counter mode with the reason why', () => {
  const addresses = [{ address: '10.99.0.1', prefixLength: 32, peer: '10.99.0.1' }];
  assert.deepEqual(fields({ profile: exampleProfile({ networks: [], addresses }) }), ['warning addresses.0']);
  const counter = exampleProfile({ networks: [] });
  const keys = { ...counter.keys, encryption: 'aes-gcm-16', integrity: null } as const;
  const [warned] = findConflicts({ ...clean, profile: { ...counter, keys } });
  assert.match(warned?.message ?? '', /^aes-gcm-16 with keys set by hand: an IV that either end uses twice/);
});

test('a route that is there already is refused by the system unless it is a worse one', () => {
  assert.deepEqual(fields({ routes: [route('10.2.0.0/16')] }), ['error routes.0']);
  assert.deepEqual(fields({ routes: [route('10.2.0.0/16', 600)] }), ['warning routes.0']);
});

test('a default route through the tunnel needs a way to the peer outside of it, and warns of the other family', () => {
  const profile = exampleProfile({ networks: [], routes: ['0.0.0.0/0', '::/0'] });
  assert.deepEqual(fields({ profile }), []);
  assert.deepEqual(fields({ profile, toPeer: route('0.0.0.0/0'), routes: [route('0.0.0.0/0')] }), []);
  assert.deepEqual(fields({ profile, toPeer: null }), ['warning peer.host', 'error routes.0']);
  for (const lone of ['0.0.0.0/0', '::/0']) {
    assert.deepEqual(fields({ profile: exampleProfile({ networks: [], routes: [lone] }) }), ['warning routes.0']);
  }
});

test('another profile with the same interface is a warning, the same profile is none', () => {
  assert.deepEqual(fields({ otherProfiles: [exampleProfile({ name: 'home' })] }), ['warning interface']);
  assert.deepEqual(fields({ otherProfiles: [exampleProfile()] }), []);
});

test('loopback and link-local networks overlap with nothing', () => {
  const own = [
    { device: 'lo', address: parseIpAddress('127.0.0.1'), prefixLength: 8 },
    { device: 'eth1', address: parseIpAddress('10.2.3.4'), prefixLength: 24 },
  ];
  assert.deepEqual(fields({ addresses: [...clean.addresses, ...own] }), ['warning routes.0']);
  assert.deepEqual(fields({ addresses: [...clean.addresses, ...own.slice(0, 1)] }), []);
});
