/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isProbablyNat } from '#renderer/draft/nat-hint.ts';

test('a private address towards a public one is probably behind NAT (RFC 1918 §3, RFC 6598 §7)', () => {
  for (const source of ['10.1.2.3', '172.31.0.1', '192.168.1.2', '100.64.0.1']) {
    assert.equal(isProbablyNat(source, '203.0.113.7'), true, source);
  }
});

test('two private ends, public sources, IPv6 and what is not known are not', () => {
  assert.equal(isProbablyNat('192.168.1.2', '10.0.0.1'), false);
  assert.equal(isProbablyNat('172.32.0.1', '203.0.113.7'), false);
  assert.equal(isProbablyNat('fd00::1', '2001:db8::1'), false);
  assert.equal(isProbablyNat(null, '203.0.113.7'), false);
  assert.equal(isProbablyNat('192.168.1.2', 'gw.example.org'), false);
});
