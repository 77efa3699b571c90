import assert from 'node:assert/strict';
import { test } from 'node:test';
import { associationKey, nothingHeld } from '#core/tunnel/plan/desired-state.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { testAssociation } from '#test/support/associations.ts';

test('destination and SPI name an association, its source does not (RFC 4301 §4.1)', () => {
  const source = parseIpAddress('203.0.113.9');
  assert.equal(associationKey(testAssociation(1000)), '192.0.2.2 1000');
  assert.equal(associationKey(testAssociation(1000, { source })), '192.0.2.2 1000');
  assert.notEqual(associationKey(testAssociation(1001)), associationKey(testAssociation(1000)));
});

test('nothing is held by default', () => {
  assert.equal(nothingHeld.interfaces.size + nothingHeld.associations.size, 0);
});
