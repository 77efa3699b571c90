/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatStatus } from '#core/cli/status/status-table.ts';
import { exampleInterface, exampleStatus } from '../fake-helper.ts';

test('one row a tunnel with state, endpoints and traffic, and the reasons of drops by label', () => {
  assert.equal(
    formatStatus({
      ...exampleStatus,
      drops: [
        { reason: 'noSa', packets: 12 },
        { reason: 'newerReason', packets: 1 },
      ],
    }),
    [
      'culvertd 0.1.0, pid 4711, TUN devices: 1 interface, 0 associations, 0 policies',
      '',
      'TUNNEL  STATE  LOCAL      PEER          SENT       RECEIVED      DROPPED',
      'ipsec0  up     192.0.2.1  198.51.100.1  3 / 252 B  2 / 20.0 KiB  5',
      '',
      'TUNNEL  DROPPED  REASON',
      'ipsec0  5        no association to send on',
      '-       12       no association for this SPI',
      '-       1        newerReason',
      '',
    ].join('\n'),
  );
});

test('states are told in words, ports and missing outer addresses shown', () => {
  const tunnel = { family: 4 as const, local: '192.0.2.1', peer: '198.51.100.1', localPort: 4500, peerPort: 4500 };
  const interfaces = [
    { ...exampleInterface, state: 'hears-nothing' as const, tunnel, drops: [] },
    { ...exampleInterface, name: 'ipsec1', state: 'unconfigured' as const, tunnel: null, drops: [] },
  ];
  const text = formatStatus({ ...exampleStatus, interfaces });
  assert.match(text, /\nipsec0 {2}sends, hears nothing {2}192\.0\.2\.1,4500 {2}198\.51\.100\.1,4500 /);
  assert.match(text, /\nipsec1 {2}no outer addresses {4}- {15}- /);
  assert.doesNotMatch(text, /REASON/);
});

test('congestion marks and suspicious ones are told of tunnels that had some (RFC 6040 §4.2)', () => {
  const quiet = { ...exampleInterface, name: 'ipsec1', drops: [] };
  const counters = { ...exampleInterface.counters, ecnCongestion: 40, ecnSuspicious: 2 };
  const interfaces = [{ ...exampleInterface, counters, drops: [{ reason: 'ecn', packets: 3 }] }, quiet];
  const text = formatStatus({ ...exampleStatus, interfaces });
  assert.match(text, /\nipsec0 {2}3 {8}outer CE on an inner packet without ECN\n/);
  assert.ok(text.endsWith('\nTUNNEL  CONGESTION MARKS  SUSPICIOUS MARKS\nipsec0  40                2\n'), text);
  assert.doesNotMatch(formatStatus(exampleStatus), /MARKS/);
});

test('a peer that was followed is shown where it is', () => {
  const movedTo = { address: '203.0.113.9', port: 31_337 };
  const text = formatStatus({ ...exampleStatus, interfaces: [{ ...exampleInterface, movedTo }] });
  assert.match(text, /\nipsec0 {2}up {5}192\.0\.2\.1 {2}203\.0\.113\.9,31337 /);
});

test('what another program has changed of a device is told, and how it becomes whole', () => {
  const told = (altered: typeof exampleInterface.altered): string =>
    formatStatus({ ...exampleStatus, interfaces: [{ ...exampleInterface, altered }] });
  assert.doesNotMatch(told(null), /another program/);
  assert.match(
    told({ isDown: true, missing: ['172.16.100.1', '2001:db8:23::23'], mtu: 9000 }),
    /^ipsec0: another program has set its device down, and removed 172\.16\.100\.1, 2001:db8:23::23, and set the MTU of its device to 9000 instead of 1280\. .*culvert ifconfig ipsec0 up$/m,
  );
  assert.match(told({ isDown: false, missing: ['172.16.100.1'], mtu: null }), /program has removed 172\.16\.100\.1\. /);
});

test('without interfaces it says how to make one, and still tells of drops', () => {
  const text = formatStatus({ ...exampleStatus, interfaces: [], drops: [{ reason: 'noSa', packets: 2 }] });
  assert.match(
    text,
    /No interfaces\. Make one with: culvert ifconfig ipsec0 create\n\nTUNNEL {2}DROPPED {2}REASON\n- {7}2 /,
  );
});
