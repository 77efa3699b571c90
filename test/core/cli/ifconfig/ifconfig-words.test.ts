/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseIfconfigWords } from '#core/cli/ifconfig/ifconfig-words.ts';

const parse = (line: string): unknown[] => parseIfconfigWords(line.split(' ').filter((word) => word !== ''));

test('words become actions from left to right', () => {
  assert.deepEqual(
    parse('create link0 tunnel 192.0.2.1,4500 198.51.100.1,4501 inet 172.16.100.1/32 172.16.200.1 mtu 1400 -link2 up'),
    [
      { kind: 'create' },
      { kind: 'flag', flag: 'link0', isSet: true },
      { kind: 'tunnel', local: '192.0.2.1', peer: '198.51.100.1', localPort: 4500, peerPort: 4501 },
      { kind: 'address', address: '172.16.100.1', prefixLength: 32, peer: '172.16.200.1' },
      { kind: 'mtu', mtu: 1400 },
      { kind: 'flag', flag: 'link2', isSet: false },
      { kind: 'up', isUp: true },
    ],
  );
  assert.deepEqual(parse('down deletetunnel destroy'), [
    { kind: 'up', isUp: false },
    { kind: 'deletetunnel' },
    { kind: 'destroy' },
  ]);
});

test('an address may have a length, a peer, BSD masks, or none of them', () => {
  const cases = [
    ['inet 10.0.0.1', { address: '10.0.0.1', prefixLength: 32, peer: null }],
    ['inet 10.0.0.1/24', { address: '10.0.0.1', prefixLength: 24, peer: null }],
    ['inet 10.0.0.1 10.0.0.2', { address: '10.0.0.1', prefixLength: 32, peer: '10.0.0.2' }],
    ['10.0.0.1 10.0.0.2 netmask 255.255.255.252', { address: '10.0.0.1', prefixLength: 30, peer: '10.0.0.2' }],
    ['inet alias 10.0.0.1 netmask 0xffffff00', { address: '10.0.0.1', prefixLength: 24, peer: null }],
    ['inet6 2001:DB8::1 prefixlen 64', { address: '2001:db8::1', prefixLength: 64, peer: null }],
    ['inet6 2001:db8::1/128 2001:db8::2 alias', { address: '2001:db8::1', prefixLength: 128, peer: '2001:db8::2' }],
    ['fe80::1%em0', { address: 'fe80::1%em0', prefixLength: 128, peer: null }],
  ] as const;
  for (const [line, action] of cases) assert.deepEqual(parse(line), [{ kind: 'address', ...action }], line);
});

test('an address is removed in each of BSD’s ways', () => {
  for (const line of [
    '-alias 10.0.0.1',
    'delete 10.0.0.1',
    'inet 10.0.0.1 delete',
    'inet -alias 10.0.0.1',
    '10.0.0.1 -alias',
  ]) {
    assert.deepEqual(parse(line), [{ kind: 'delete', address: '10.0.0.1' }], line);
  }
});

test('inet and inet6 may stand before tunnel', () => {
  assert.deepEqual(parse('inet6 tunnel 2001:db8::1 2001:db8::2'), [
    { kind: 'tunnel', local: '2001:db8::1', peer: '2001:db8::2', localPort: 0, peerPort: 0 },
  ]);
  assert.throws(() => parse('inet6 tunnel 10.0.0.1 10.0.0.2'), /not an IPv6 address/);
});

test('wrong words are refused with the word and what it may have meant', () => {
  const cases = [
    ['destory', 'IFCONFIG_WORD', /unknown word "destory"; did you mean "destroy"\?/],
    ['-link3', 'IFCONFIG_WORD', /did you mean "-link0"/],
    ['frobnicate', 'IFCONFIG_WORD', /unknown word "frobnicate"$/],
    ['up tunnel 10.0.0.1', 'IFCONFIG_WORD', /"tunnel" needs two addresses/],
    ['mtu', 'IFCONFIG_WORD', /"mtu" needs a number/],
    ['mtu lots', 'INTERFACE_MTU', /"lots"/],
    ['tunnel 192.0.2.1 ::1', 'ADDRESS_FAMILY_MIXED', /^source and destination address families do not match$/],
    ['tunnel fe80::1%a fe80::2%b', 'ADDRESS_FAMILY_MIXED', /^scope mismatch$/],
    ['tunnel ff02::1 2001:db8::1', 'ADDRESS_UNUSABLE', /^tunnel src is multicast$/],
    ['tunnel 2001:db8::1 ff02::1', 'ADDRESS_UNUSABLE', /^tunnel dst is multicast$/],
    ['tunnel 192.0.2.1,x 192.0.2.2', 'PORT_RANGE', /"x"/],
    ['tunnel gw.example 192.0.2.2', 'ADDRESS_NAME', /"gw\.example" is a name/],
    ['tunnel 192.0.2.1,70000 192.0.2.2', 'PORT_RANGE', /"70000"/],
    ['tunnel 192.0.2.300 192.0.2.2', 'ADDRESS_SYNTAX', /192\.0\.2\.300/],
    ['inet 10.0.0.1/33', 'PREFIX_SYNTAX', /"33"/],
    ['inet 10.0.0.1 netmask 255.0.255.0', 'PREFIX_SYNTAX', /255\.0\.255\.0/],
    ['inet 10.0.0.1/24 2001:db8::1', 'ADDRESS_FAMILY_MIXED', /different families/],
    ['inet 2001:db8::1', 'ADDRESS_SYNTAX', /not an IPv4 address/],
    ['10.0.0.999', 'ADDRESS_SYNTAX', /10\.0\.0\.999/],
  ] as const;
  for (const [line, code, message] of cases) assert.throws(() => parse(line), { code, message }, line);
});
