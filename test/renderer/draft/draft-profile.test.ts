/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { draftFieldOf, listOf, readDraft, toProfileInput, toSpi } from '#renderer/draft/draft-profile.ts';
import { exampleDraft } from './example-draft.ts';

test('a complete draft is a profile with the recommended suite and one pair of associations', () => {
  const { profile, fault } = readDraft(exampleDraft());
  assert.equal(fault, null);
  assert.ok(profile !== null);
  assert.deepEqual(profile.keys.pairs, [{ carries: 'ipv4', spiOut: 0x1000, spiIn: 0x1001 }]);
  assert.equal(profile.keys.encryption, 'aes-cbc');
  assert.equal(profile.keys.integrity, 'hmac-sha256');
  assert.deepEqual(profile.addresses, [{ address: '10.99.0.1', prefixLength: 32, peer: '10.99.0.2' }]);
  assert.deepEqual(profile.flags, { link0: false, link1: false, link2: false, unnumbered: false });
});

test('what becomes of networks without the tunnel is as chosen, and at first they are refused while it is on', () => {
  assert.equal(readDraft(exampleDraft()).profile?.failClosed, 'while-up');
  assert.equal(readDraft(exampleDraft({ failClosed: 'never' })).profile?.failClosed, 'never');
});

test('the reminder is the soft lifetime, and nine tenths of the bytes', () => {
  const { profile } = readDraft(exampleDraft({ lifeDays: '30', remindDays: '3', lifeGib: '10' }));
  assert.equal(profile?.keys.hard.addSeconds, 30 * 86_400);
  assert.equal(profile?.keys.soft.addSeconds, 27 * 86_400);
  assert.equal(profile?.keys.hard.bytes, 10 * 1024 ** 3);
  assert.equal(profile?.keys.soft.bytes, 9 * 1024 ** 3);
});

test('zero is no end at all', () => {
  const { profile } = readDraft(exampleDraft({ lifeDays: '0', lifeGib: '', remindDays: '3' }));
  const none = { addSeconds: 0, useSeconds: 0, bytes: 0, packets: 0 };
  assert.deepEqual(profile?.keys.hard, none);
  assert.deepEqual(profile?.keys.soft, none);
});

test('inner IPv6 has associations of its own, but under NAT-T shares one pair (if_ipsec.c)', () => {
  const carries = (natT: boolean): unknown =>
    readDraft(exampleDraft({ carriesIpv6: true, natT })).profile?.keys.pairs.map((pair) => pair.carries);
  assert.deepEqual(carries(false), ['ipv4', 'ipv6']);
  assert.deepEqual(carries(true), ['any']);
});

test('ports count under NAT-T only', () => {
  assert.deepEqual(toProfileInput(exampleDraft()).peer, { host: '198.51.100.7', port: 0 });
  assert.deepEqual(toProfileInput(exampleDraft({ natT: true, peerPort: '4501' })).peer, {
    host: '198.51.100.7',
    port: 4501,
  });
});

test('one computer has no networks behind it, whatever was written before', () => {
  assert.deepEqual(readDraft(exampleDraft({ purpose: 'computer' })).profile?.networks, []);
});

test('what the profile refuses is shown at a field of the form', () => {
  assert.equal(readDraft(exampleDraft({ mtu: '1000' })).fault?.field, 'mtu');
  assert.equal(readDraft(exampleDraft({ interface: 'eth0' })).fault?.field, 'interface');
  assert.equal(readDraft(exampleDraft({ routes: '10.0.0.0/8 10.0.0.0/8' })).fault?.field, 'routes');
});

test('paths into a profile lead to fields, also where IPv6 stands alone', () => {
  assert.equal(draftFieldOf('routes.3', { inner: '' }), 'routes');
  assert.equal(draftFieldOf('addresses.0', { inner: '10.0.0.1' }), 'inner');
  assert.equal(draftFieldOf('addresses.0', { inner: '' }), 'inner6');
  assert.equal(draftFieldOf('keys.pairs.1.spiIn', { inner: '' }), 'spiIn6');
  assert.equal(draftFieldOf('keys.hard', { inner: '' }), 'lifeDays');
});

test('lists stand with commas, blanks or lines; SPIs are decimal or hexadecimal', () => {
  assert.deepEqual(listOf(' 10.0.0.0/8,\n192.168.0.0/16  '), ['10.0.0.0/8', '192.168.0.0/16']);
  assert.equal(toSpi('0x1F'), 31);
  assert.equal(toSpi(' 4096 '), 4096);
  assert.ok(Number.isNaN(toSpi('0x')));
  assert.ok(Number.isNaN(toSpi('1e5')));
});
