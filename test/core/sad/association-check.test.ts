import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IpsecError } from '#core/base/error.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { checkAssociation, hasIntegrity } from '#core/sad/association-check.ts';
import type { AssociationSpec } from '#core/sad/security-association.ts';
import { gcmSuite, testAssociation, testKey } from '#test/support/associations.ts';
import { thrownCode } from '#test/support/thrown-code.ts';

const address = parseIpAddress;
const noIntegrity: Partial<AssociationSpec> = { integrity: null, integrityKey: null };

test('refuses what cannot carry packets, naming the field', () => {
  const cases: [string, Partial<AssociationSpec>, string, string][] = [
    ['mixed families', { destination: address('2001:db8::1') }, 'ADDRESS_FAMILY_MIXED', 'destination'],
    ['unspecified source', { source: address('0.0.0.0') }, 'ADDRESS_UNUSABLE', 'source'],
    ['multicast destination', { destination: address('224.0.0.1') }, 'ADDRESS_UNUSABLE', 'destination'],
    ['broadcast destination', { destination: address('255.255.255.255') }, 'ADDRESS_UNUSABLE', 'destination'],
    ['ports on plain ESP', { ports: { source: 4500, destination: 4500 } }, 'SA_UNSUPPORTED', 'ports'],
    ['ESP in UDP without ports', { protocol: 'esp-udp' }, 'SA_UNSUPPORTED', 'ports'],
    ['port 0', { protocol: 'esp-udp', ports: { source: 0, destination: 4500 } }, 'PORT_RANGE', 'ports.source'],
    [
      'port 65536',
      { protocol: 'esp-udp', ports: { source: 1, destination: 65536 } },
      'PORT_RANGE',
      'ports.destination',
    ],
    ['negative reqid', { reqid: -1 }, 'SA_UNSUPPORTED', 'reqid'],
    ['window above 255 bytes', { replayBytes: 256 }, 'SA_REPLAY_WINDOW', 'replayBytes'],
    ['short cipher key', { encryptionKey: testKey(15) }, 'KEY_LENGTH', 'encryptionKey'],
    ['long integrity key', { integrityKey: testKey(33) }, 'KEY_LENGTH', 'integrityKey'],
    ['GCM key without salt', { ...gcmSuite(), encryptionKey: testKey(16) }, 'KEY_LENGTH', 'encryptionKey'],
  ];
  for (const [name, changes, code, field] of cases) {
    assert.throws(
      () => checkAssociation(testAssociation(256, changes), true),
      (error) => error instanceof IpsecError && error.code === code && error.details['field'] === field,
      name,
    );
  }
});

test('never accepts null encryption without integrity (RFC 4301 §4.2, RFC 4303 §5)', () => {
  const nothing = testAssociation(256, { ...noIntegrity, encryption: 'null', encryptionKey: testKey(0) });
  for (const allowWeak of [false, true]) {
    assert.equal(
      thrownCode(() => checkAssociation(nothing, allowWeak)),
      'ALGORITHM_INTEGRITY',
    );
  }
});

test('accepts encryption without integrity only when weak suites are allowed (RFC 8221)', () => {
  const weak = testAssociation(256, noIntegrity);
  assert.equal(
    thrownCode(() => checkAssociation(weak, false)),
    'ALGORITHM_INTEGRITY',
  );
  assert.equal(
    thrownCode(() => checkAssociation(weak, true)),
    null,
  );
});

test('accepts null encryption with integrity, and an AEAD alone', () => {
  const authenticated = testAssociation(256, { encryption: 'null', encryptionKey: testKey(0) });
  const aead = testAssociation(256, gcmSuite());
  for (const spec of [authenticated, aead]) {
    assert.equal(
      thrownCode(() => checkAssociation(spec, false)),
      null,
    );
    assert.equal(hasIntegrity(spec), true);
  }
  assert.equal(hasIntegrity(testAssociation(256, noIntegrity)), false);
});
