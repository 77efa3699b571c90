import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRouteCommand } from '#core/profile/import/route-command.ts';

const commands = [
  ['route add -inet 10.2.0.0/16 172.16.2.1', { destination: '10.2.0.0/16', through: '172.16.2.1' }],
  ['/sbin/route -n add -inet6 fd00::/64 -link ipsec0 -iface', { destination: 'fd00::/64', through: 'ipsec0' }],
  ['route add -net 10.3.4.5/16 -interface ipsec1', { destination: '10.3.0.0/16', through: 'ipsec1' }],
  ['route add default 172.16.2.1', { destination: '0.0.0.0/0', through: '172.16.2.1' }],
  ['route delete 10.0.0.0/8', null],
  ['route add -net 10 172.16.2.1', null],
  ['rm -rf /', null],
] as const;

for (const [command, route] of commands) {
  test(`${command}: ${route === null ? 'is no route that is read' : route.destination}`, () =>
    assert.deepEqual(readRouteCommand(command), route));
}
