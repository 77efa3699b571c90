import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IpsecError } from '#core/base/error.ts';
import { encryptionAlgorithms, encryptionRow, type EncryptionAlgorithmName } from '#core/crypto/algorithms.ts';
import { acceptedEncryptionKeyBits } from '#core/crypto/resolve-suite.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { checkAssociation, hasIntegrity } from '#core/sad/association-check.ts';
import type { AssociationSpec } from '#core/sad/security-association.ts';
import { gcmSuite, testAssociation, testKey } from '#test/support/associations.ts';
import { thrownCode } from '#test/support/thrown-code.ts';

const address = parseIpAddress;
const natT = { protocol: 'esp-udp', ports: { source: 4500, destination: 4500 } } as const;
const noIntegrity: Partial<AssociationSpec> = { integrity: null, integrityKey: null };

test('refuses what cannot carry packets, naming the field', () => {
  const cases: [string, Partial<AssociationSpec>, string, string][] = [
    ['mixed families', { destination: address('2001:db8::1') }, 'ADDRESS_FAMILY_MIXED', 'destination'],
    ['address behind a NAT of another family', { natOriginal: address('::1') }, 'ADDRESS_FAMILY_MIXED', 'natOriginal'],
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
    ['port of IKE', { protocol: 'esp-udp', ports: { source: 500, destination: 4500 } }, 'PORT_IKE', 'ports.source'],
    ['fragment size of plain ESP', { fragmentBytes: 552 }, 'SA_FRAGMENT_SIZE', 'fragment'],
    ['fragment size that holds no fragment', { ...natT, fragmentBytes: 87 }, 'SA_FRAGMENT_SIZE', 'fragment'],
    ['fragment size above 65535', { ...natT, fragmentBytes: 65536 }, 'SA_FRAGMENT_SIZE', 'fragment'],
    ['negative reqid', { reqid: -1 }, 'SA_UNSUPPORTED', 'reqid'],
    ['window above 65536 packets', { replayBytes: 8193 }, 'SA_REPLAY_WINDOW', 'replayBytes'],
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

test('the smallest fragment size holds an outer header and the 68 bytes that every link carries (RFC 791 §3.2)', () => {
  const six = { source: address('2001:db8::1'), destination: address('2001:db8::2') };
  const check = (changes: object): string | null =>
    thrownCode(() => checkAssociation(testAssociation(256, { ...natT, ...changes }), true));
  assert.equal(check({ fragmentBytes: 88 }), null);
  assert.equal(check({ ...six, fragmentBytes: 107 }), 'SA_FRAGMENT_SIZE');
  assert.equal(check({ ...six, fragmentBytes: 108 }), null);
});

test('accepts ESP without integrity only when weak suites are allowed (RFC 4303 §5, RFC 8221 §4)', () => {
  for (const encryption of Object.keys(encryptionAlgorithms) as EncryptionAlgorithmName[]) {
    const row = encryptionRow(encryption);
    if (row.kind === 'aead' || row.weakness !== undefined) continue;
    const bits = Math.max(...acceptedEncryptionKeyBits(row));
    const weak = testAssociation(256, { ...noIntegrity, encryption, encryptionKey: testKey(bits / 8) });
    assert.equal(
      thrownCode(() => checkAssociation(weak, false)),
      'ALGORITHM_INTEGRITY',
      encryption,
    );
    assert.equal(
      thrownCode(() => checkAssociation(weak, true)),
      null,
      encryption,
    );
  }
});

test('accepts what RFC 8221 says not to use only when weak suites are allowed, and says why', () => {
  const weak = testAssociation(256, { encryption: '3des-cbc', encryptionKey: testKey(24) });
  assert.throws(
    () => checkAssociation(weak, false),
    (error) =>
      error instanceof IpsecError &&
      error.code === 'ALGORITHM_REFUSED' &&
      error.details['field'] === 'encryption' &&
      /^3des-cbc is refused: its 64-bit blocks .*\(RFC 8221: SHOULD NOT\)$/.test(error.message),
  );
  for (const spec of [weak, { ...weak, ...noIntegrity }]) {
    assert.equal(
      thrownCode(() => checkAssociation(spec, true)),
      null,
    );
  }
});

test('HMAC-SHA1 is on its way out and still accepted (RFC 8221 §6: MUST-)', () => {
  const spec = testAssociation(256, { integrity: 'hmac-sha1', integrityKey: testKey(20) });
  assert.equal(
    thrownCode(() => checkAssociation(spec, false)),
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
