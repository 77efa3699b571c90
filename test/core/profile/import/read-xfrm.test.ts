import assert from 'node:assert/strict';
import { test } from 'node:test';
import { noFindings, type Findings } from '#core/profile/import/imported.ts';
import { readXfrm } from '#core/profile/import/read-xfrm.ts';

function read(text: string): Findings {
  const findings = noFindings();
  readXfrm({ name: 'dump', text }, null, findings);
  return findings;
}

function policy(peer: string, rest: { destination?: string; id?: string; mode?: string } = {}): string {
  const { destination = '0.0.0.0/0', id = '', mode = 'tunnel' } = rest;
  const template = `\ttmpl src 192.0.2.1 dst ${peer}\n\t\tproto esp reqid 1 mode ${mode}\n`;
  return `src 0.0.0.0/0 dst ${destination} \n\tdir out priority 0 ptype main \n${template}${id}`;
}

const link = [
  '5: ipsec3@lo: <NOARP,UP,LOWER_UP> mtu 1400 qdisc noqueue state UNKNOWN group default qlen 1000',
  '    link/none 00:00:00:00 brd 00:00:00:00 promiscuity 0 allmulti 0 minmtu 68 maxmtu 65535 ',
  '    xfrm if_id 0x4 addrgenmode eui64 numtxqueues 1 numrxqueues 1 ',
  '    inet 10.0.0.1 peer 10.0.0.2/32 scope global ipsec3',
  '       valid_lft forever preferred_lft forever',
  '    inet6 fe80::1/64 scope link ',
  '',
].join('\n');

test('an interface as ip -d address prints it, its policy and its routes are one tunnel', () => {
  const routes = '10.2.0.0/24 dev ipsec3 scope link \n10.9.0.0/24 dev eth0 scope link \n';
  const { tunnels, unmapped } = read(`${link}${policy('192.0.2.2', { id: '\tif_id 0x4\n' })}${routes}`);
  assert.deepEqual(unmapped, []);
  assert.equal(tunnels.length, 1);
  const [tunnel] = tunnels;
  assert.deepEqual([tunnel?.interface, tunnel?.mtu, tunnel?.outer.peer], ['ipsec3', 1400, '192.0.2.2']);
  assert.deepEqual(tunnel?.addresses, [{ address: '10.0.0.1', prefixLength: 32, peer: '10.0.0.2' }]);
  assert.deepEqual(tunnel.routes, ['10.2.0.0/24']);
});

test('policies without an interface make a tunnel for each other end, routed by their selectors', () => {
  const { tunnels } = read(
    policy('192.0.2.2', { destination: '10.2.0.0/24' }) +
      policy('192.0.2.3', { destination: '10.3.0.0/24' }) +
      policy('192.0.2.2', { destination: '10.4.0.0/24' }),
  );
  assert.deepEqual(
    tunnels.map((tunnel) => [tunnel.interface, tunnel.outer.peer, tunnel.routes]),
    [
      ['ipsec0', '192.0.2.2', ['10.2.0.0/24', '10.4.0.0/24']],
      ['ipsec1', '192.0.2.3', ['10.3.0.0/24']],
    ],
  );
});

test('without an id of an interface, UDP encapsulation of its association is found too', () => {
  const state = `src 192.0.2.1 dst 192.0.2.2\n\tproto esp spi 0x1001 reqid 1 mode tunnel\n\taead rfc4106(gcm(aes)) 0x${'0b'.repeat(36)} 128\n`;
  const encapsulated = `${state}\tencap type espinudp sport 4500 dport 4500 addr 0.0.0.0\n`;
  assert.equal(read(encapsulated + policy('192.0.2.2')).tunnels[0]?.flags.link0, true);
  assert.equal(read(state + policy('192.0.2.2')).tunnels[0]?.flags.link0, false);
});

test('a policy of transport mode is told, and makes no tunnel', () => {
  const { tunnels, unmapped } = read(policy('192.0.2.2', { mode: 'transport' }));
  assert.deepEqual(tunnels, []);
  assert.match(unmapped[0]?.why ?? '', /mode transport makes no tunnel/);
});

test('an interface without a policy out is told: nobody knows its outer addresses', () => {
  const { tunnels, unmapped } = read(link);
  assert.deepEqual(tunnels, []);
  assert.deepEqual([unmapped[0]?.text, unmapped.length], ['ipsec3', 1]);
});

test('what a script does with a device that is no XFRM interface is told with its line, and what a machine prints of others is not', () => {
  const script = [
    '#!/bin/sh -e',
    'ip link add vti0 type vti local 192.0.2.1 remote 192.0.2.2 key 42',
    'ip address add 172.16.1.1 peer 172.16.2.1/32 dev vti0',
    'ip link set vti0 mtu 1400 up',
    'ip link add ipsec3 type xfrm dev lo if_id 4',
    'ip link set dev ipsec3 up',
    'ip route add 192.168.2.0/24 dev vti0',
    'ip route add 192.168.3.0/24 dev ipsec3',
  ].join('\n');
  const { unmapped } = read(`${script}\n`);
  const told = unmapped.filter(({ line }) => line > 0).map(({ line, why }) => [line, why]);
  assert.deepEqual(told, [
    [2, 'vti0 is no XFRM interface, so it is not taken over'],
    [3, 'vti0 is no XFRM interface, so its address is not taken over'],
    [4, 'vti0 is no XFRM interface, so what is set of it is not taken over'],
    [7, 'vti0 is no XFRM interface, so its route is not taken over'],
  ]);
  const printed = read('10.9.0.0/24 dev eth0 scope link \ndefault via 192.0.2.254 dev eth0 \n');
  assert.deepEqual(printed.unmapped, []);
});
