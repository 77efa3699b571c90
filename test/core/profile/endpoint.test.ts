/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseEndpointHost } from '#core/profile/endpoint.ts';
import { thrownCode } from '#test/support/thrown-code.ts';

test('an endpoint is an address in canonical spelling, a name in small letters, or auto', () => {
  assert.deepEqual(parseEndpointHost('2001:DB8::0:1', 'x'), { kind: 'address', address: '2001:db8::1' });
  assert.deepEqual(parseEndpointHost('192.0.2.1', 'x'), { kind: 'address', address: '192.0.2.1' });
  assert.deepEqual(parseEndpointHost('VPN.Example.com.', 'x'), { kind: 'name', name: 'vpn.example.com' });
  assert.deepEqual(parseEndpointHost('auto', 'x'), { kind: 'auto' });
});

test('digits and dots are an address or a mistake, never a name (RFC 1123 §2.1)', () => {
  for (const text of ['192.0.2', '192.0.2.256', '1', '192.0.2.01', 'host.1']) {
    assert.equal(
      thrownCode(() => parseEndpointHost(text, 'x')),
      'ADDRESS_SYNTAX',
      text,
    );
  }
});

test('what could be an option, a path or two words is no name', () => {
  for (const text of ['', '.', '-a', 'a-', 'a b', 'a/b', 'a..b', 'a\n', 'a'.repeat(64), `${'a.'.repeat(127)}ab`]) {
    assert.equal(
      thrownCode(() => parseEndpointHost(text, 'x')),
      'ADDRESS_SYNTAX',
      JSON.stringify(text),
    );
  }
});
