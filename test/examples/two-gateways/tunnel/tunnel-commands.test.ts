/**
 * The commands that set a gateway's tunnel up.
 * @module
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sideA, sideB } from '#examples/two-gateways/tunnel/addresses.ts';
import { tunnelCommands } from '#examples/two-gateways/tunnel/tunnel-commands.ts';

test('the two gateways mirror each other', () => {
  const words = (own: typeof sideA, other: typeof sideA): string[] =>
    tunnelCommands(own, other, { outer: 4, isNatT: false }).map((command) => command.slice(2).join(' '));
  assert.deepEqual(words(sideB, sideA).slice(0, 3), [
    'create',
    'tunnel 203.0.113.2 203.0.113.1',
    'inet 172.16.200.1/32 172.16.100.1',
  ]);
  assert.equal(words(sideA, sideB)[1], 'tunnel 203.0.113.1 203.0.113.2');
});

test('NAT-T sets link0 before it gives the ports', () => {
  const words = tunnelCommands(sideA, sideB, { outer: 4, isNatT: true }).map((command) => command.slice(2).join(' '));
  assert.deepEqual(words.slice(0, 3), ['create', 'link0', 'tunnel 203.0.113.1,4500 203.0.113.2,4500']);
});

test('over IPv6 the whole path MTU is used', () => {
  const words = tunnelCommands(sideA, sideB, { outer: 6, isNatT: false }).map((command) => command.join(' '));
  assert.deepEqual(words.slice(1, 3), [
    'sysctl -w net.interfaces.ipsec0.pmtu=1',
    'ifconfig ipsec0 tunnel 2001:db8:113::1 2001:db8:113::2',
  ]);
});
