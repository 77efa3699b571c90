import assert from 'node:assert/strict';
import { test } from 'node:test';
import { associationChanges } from '#core/tunnel/plan/association-change.ts';
import { unlimited } from '#core/sad/lifetime.ts';
import { testAssociation, testKey, testLifetime } from '#test/support/associations.ts';

test('what is the same has no row, and other keys are told without a byte of them', () => {
  assert.deepEqual(associationChanges(testAssociation(1000), testAssociation(1000)), []);
  const keys = [{ what: 'keys', before: null, after: null }];
  assert.deepEqual(
    associationChanges(testAssociation(1000), testAssociation(1000, { encryptionKey: testKey(16, 9) })),
    keys,
  );
  assert.deepEqual(
    associationChanges(testAssociation(1000), testAssociation(1000, { integrityKey: testKey(32, 9) })),
    keys,
  );
});

test('each value that differs is told as it was and as it will be', () => {
  const after = testAssociation(1000, {
    ...{ reqid: 7, hasEsn: true, ports: { source: 4500, destination: 4501 } },
    lifetimes: { soft: unlimited, hard: testLifetime({ addSeconds: 60, bytes: 1000 }) },
  });
  assert.deepEqual(associationChanges(testAssociation(1000), after), [
    { what: 'ports', before: 'none', after: '4500 4501' },
    { what: 'reqid', before: '0', after: '7' },
    { what: 'esn', before: 'false', after: 'true' },
    { what: 'hard', before: 'none', after: '60s, 1000 bytes' },
  ]);
});
