/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatInterface } from '#core/cli/ifconfig/ifconfig-output.ts';
import { exampleInterface } from '#test/core/cli/fake-helper.ts';

test('a configured interface prints byte for byte as NetBSD prints it', () => {
  assert.equal(
    formatInterface(exampleInterface),
    [
      'ipsec0: flags=0xc051<UP,POINTOPOINT,RUNNING,LINK2,MULTICAST> mtu 1280',
      '\ttunnel inet 192.0.2.1 --> 198.51.100.1',
      '\tstatus: active',
      '\tinet6 2001:db8:23::23/128 -> 2001:db8:45::45 flags 0',
      '\tinet 172.16.100.1/32 -> 172.16.200.1 flags 0',
      '',
    ].join('\n'),
  );
});

test('a fresh interface has no tunnel line and no carrier', () => {
  const fresh = { ...exampleInterface, isUp: false, isRunning: false, tunnel: null, addresses: [] };
  assert.equal(
    formatInterface(fresh),
    'ipsec0: flags=0xc010<POINTOPOINT,LINK2,MULTICAST> mtu 1280\n\tstatus: no carrier\n',
  );
});

test('flags print in the order of their bits, ports only where they are set', () => {
  const tunnel = { family: 6 as const, local: '2001:db8::1', peer: '2001:db8::2', localPort: 4500, peerPort: 0 };
  const lines = formatInterface({ ...exampleInterface, link0: true, link1: true, link2: false, tunnel }).split('\n');
  assert.equal(lines[0], 'ipsec0: flags=0xb051<UP,POINTOPOINT,RUNNING,LINK0,LINK1,MULTICAST> mtu 1280');
  assert.equal(lines[1], '\ttunnel inet6 2001:db8::1,4500 --> 2001:db8::2');
});

test('an address without a peer keeps the blank that NetBSD prints', () => {
  const addresses = [{ address: '2001:db8::1', prefixLength: 64, peer: null }];
  assert.match(formatInterface({ ...exampleInterface, addresses }), /\n\tinet6 2001:db8::1\/64 -> {2}flags 0\n/);
});

test('a link-local address has its zone', () => {
  const addresses = [
    { address: 'fe80::1', prefixLength: 64, peer: null },
    { address: 'febf::1', prefixLength: 128, peer: 'fe80::2' },
  ];
  const text = formatInterface({ ...exampleInterface, addresses });
  assert.match(
    text,
    /\n\tinet6 fe80::1%ipsec0\/64 -> {2}flags 0\n\tinet6 febf::1%ipsec0\/128 -> fe80::2%ipsec0 flags 0\n/,
  );
});
