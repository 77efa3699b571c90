import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RoutingTable } from '#core/host/memory/routing-table.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { parsePrefix } from '#core/ip/prefix.ts';

function makeTable(): RoutingTable {
  const table = new RoutingTable();
  const prefixes = ['0.0.0.0/0', '10.0.0.0/8', '10.1.0.0/16', '10.1.2.3/32', '::/0', 'fd00::/8', 'fd00:1::/33'];
  for (const prefix of prefixes) table.add({ prefix: parsePrefix(prefix), interfaceName: prefix, gateway: null });
  return table;
}

test('the longest prefix wins, in each family', () => {
  const table = makeTable();
  const cases: [string, string][] = [
    ['10.1.2.3', '10.1.2.3/32'],
    ['10.1.2.4', '10.1.0.0/16'],
    ['10.2.0.1', '10.0.0.0/8'],
    ['192.0.2.1', '0.0.0.0/0'],
    ['fd00:1:7fff::1', 'fd00:1::/33'],
    ['fd00:1:8000::1', 'fd00::/8'],
    ['2001:db8::1', '::/0'],
  ];
  for (const [address, expected] of cases) assert.equal(table.find(parseIpAddress(address))?.interfaceName, expected);
});

test('a route that may not be used is passed over for a shorter one', () => {
  const found = makeTable().find(parseIpAddress('10.1.2.3'), ({ interfaceName }) => interfaceName !== '10.1.2.3/32');
  assert.equal(found?.interfaceName, '10.1.0.0/16');
});

test('of two equal prefixes the newer wins until it goes', () => {
  const table = new RoutingTable();
  const prefix = parsePrefix('10.0.0.0/8');
  table.add({ prefix, interfaceName: 'old', gateway: null });
  table.add({ prefix: parsePrefix('10.9.9.9/8'), interfaceName: 'new', gateway: null });
  assert.equal(table.find(parseIpAddress('10.5.5.5'))?.interfaceName, 'new');
  table.removeWhere(({ interfaceName }) => interfaceName === 'new');
  assert.equal(table.find(parseIpAddress('10.5.5.5'))?.interfaceName, 'old');
  table.removeWhere(() => true);
  assert.equal(table.find(parseIpAddress('10.5.5.5')), null);
});

test('of two equal prefixes the lower metric wins, whichever is newer', () => {
  const prefix = parsePrefix('10.0.0.0/8');
  for (const metrics of [
    [5, 0],
    [0, 5],
  ]) {
    const table = new RoutingTable();
    for (const metric of metrics) table.add({ prefix, interfaceName: `m${metric}`, gateway: null, metric });
    assert.equal(table.find(parseIpAddress('10.5.5.5'))?.interfaceName, 'm0');
  }
});
