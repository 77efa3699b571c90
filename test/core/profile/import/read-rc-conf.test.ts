import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BsdInterfaces } from '#core/profile/import/bsd-interfaces.ts';
import { noFindings, type ImportedTunnel, type Unmapped } from '#core/profile/import/imported.ts';
import { readRcConf } from '#core/profile/import/read-rc-conf.ts';

function read(text: string): { tunnels: ImportedTunnel[]; unmapped: Unmapped[] } {
  const findings = noFindings();
  const interfaces = new BsdInterfaces(findings);
  readRcConf({ name: 'rc.conf', text }, interfaces, findings);
  return { tunnels: interfaces.tunnels(() => null), unmapped: findings.unmapped };
}

const outer = 'tunnel 192.0.2.1 192.0.2.2';

test('reads if_ipsec(4) of FreeBSD: one reqid for the interface, aliases, IPv6 and static routes', () => {
  const { tunnels, unmapped } = read(
    [
      'hostname="gateway" # about something else',
      'cloned_interfaces="ipsec0"',
      'create_args_ipsec0="reqid 100"',
      `ifconfig_ipsec0="inet 10.0.0.1/30 10.0.0.2 ${outer} up"`,
      'ifconfig_ipsec0_ipv6="inet6 fd00::1/64"',
      'static_routes="office"',
      'route_office="-net 10.2.0.0/24 -interface ipsec0"',
    ].join('\n'),
  );
  assert.deepEqual(
    unmapped.map(({ line }) => line),
    [1],
  );
  const [tunnel] = tunnels;
  assert.deepEqual(
    tunnel?.addresses.map(({ address }) => address),
    ['10.0.0.1', 'fd00::1'],
  );
  assert.deepEqual(tunnel.routes, ['10.2.0.0/24']);
  assert.deepEqual([tunnel.takes(100, null), tunnel.takes(101, null)], [true, false]);
});

test("reads NetBSD's lines of one interface, which semicolons separate", () => {
  const [tunnel] = read(`ifconfig_ipsec1='create; ${outer}; inet 10.0.0.1/32 10.0.0.2; mtu 1400'`).tunnels;
  assert.deepEqual([tunnel?.interface, tunnel?.mtu, tunnel?.outer.local], ['ipsec1', 1400, '192.0.2.1']);
});

test('a value may go on behind a backslash', () => {
  const { tunnels, unmapped } = read(`ifconfig_ipsec0="inet 10.0.0.1/30 10.0.0.2 \\\n    ${outer}"\n`);
  assert.deepEqual(unmapped, []);
  assert.equal(tunnels[0]?.outer.peer, '192.0.2.2');
});

test('what the shell would have to work out is told, not guessed', () => {
  const { tunnels, unmapped } = read(`PEER=192.0.2.2\nifconfig_ipsec0="tunnel 192.0.2.1 $PEER"`);
  assert.deepEqual(tunnels, []);
  assert.deepEqual([unmapped[1]?.line, unmapped[1]?.why], [2, 'the shell would have to work it out']);
});
