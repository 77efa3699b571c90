/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { manualAssociations } from '#core/profile/manual-associations.ts';
import { literalPair } from '#core/profile/profile-check.ts';
import { natTraversalProfile, exampleProfile, exampleSecrets } from '#test/support/profile/profiles.ts';

test('each direction has its own SPI, key and way', () => {
  const profile = exampleProfile();
  const outer = literalPair(profile);
  assert.ok(outer !== null);
  const rows = manualAssociations(profile, exampleSecrets, outer).map(({ direction, carries, spec }) => [
    ...[direction, carries, spec.source, spec.destination, spec.spi],
    spec.encryptionKey.reveal()[0],
  ]);
  assert.deepEqual(rows, [
    ['in', 'ipv4', '192.0.2.2', '192.0.2.1', 0x1002, 0x22],
    ['out', 'ipv4', '192.0.2.1', '192.0.2.2', 0x1001, 0x11],
    ['in', 'ipv6', '192.0.2.2', '192.0.2.1', 0x1004, 0x44],
    ['out', 'ipv6', '192.0.2.1', '192.0.2.2', 0x1003, 0x33],
  ]);
});

test('under link0 ESP is in UDP, and a port that is not given is 4500 (RFC 3948 §2.1)', () => {
  const { profile, secrets } = natTraversalProfile({ peer: { host: '192.0.2.2', port: 5000 } });
  const outer = literalPair(profile);
  assert.ok(outer !== null);
  const rows = manualAssociations(profile, secrets, outer).map(({ spec }) => [spec.protocol, spec.ports]);
  assert.deepEqual(rows, [
    ['esp-udp', { source: 5000, destination: 4500 }],
    ['esp-udp', { source: 4500, destination: 5000 }],
  ]);
});
