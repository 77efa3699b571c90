import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dropReasons } from '#core/datapath/drop-reason.ts';
import { equalAddressAt, isUnicastBytes, OuterHeader } from '#core/datapath/outer-header.ts';
import { fragmentIpv4 } from '#core/host/memory/fragments.ts';
import { buildIpPacket } from '#core/host/memory/ip-packet.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { present } from '#test/fixtures/read-fixture.ts';
import { recordRoute, withIpv4Options } from '#test/support/packet/ipv4-options.ts';
import { ip } from '#test/support/test-datapath.ts';

const pair4 = { source: parseIpAddress('192.0.2.1'), destination: parseIpAddress('192.0.2.2') };
const pair6 = { source: parseIpAddress('2001:db8::1'), destination: parseIpAddress('2001:db8::2') };

test('finds ESP behind both kinds of header', () => {
  const header = new OuterHeader();
  const esp = new Uint8Array(30);
  const packet4 = buildIpPacket({ ...pair4, protocol: 50, tos: 7 }, esp);
  assert.equal(header.read(packet4, 0, packet4.length, 4), 0);
  assert.deepEqual([header.payloadOffset, header.payloadLength, header.tos], [20, 30, 7]);
  assert.ok(equalAddressAt(packet4, header.destinationOffset, ip('192.0.2.2'), 0, 4));
  assert.ok(equalAddressAt(packet4, header.sourceOffset, ip('192.0.2.1'), 0, 4));
  const packet6 = buildIpPacket({ ...pair6, protocol: 50, tos: 9 }, esp);
  assert.equal(header.read(packet6, 0, packet6.length, 6), 0);
  assert.deepEqual([header.payloadOffset, header.payloadLength, header.tos], [40, 30, 9]);
  assert.ok(equalAddressAt(packet6, header.destinationOffset, ip('2001:db8::2'), 0, 6));
});

test('refuses what is not an ESP packet of its version', () => {
  const header = new OuterHeader();
  const refuses = (packet: Uint8Array, family: 4 | 6): void => {
    assert.equal(header.read(packet, 0, packet.length, family), dropReasons.ipHeader.number);
  };
  refuses(buildIpPacket({ ...pair4, protocol: 17 }, new Uint8Array(30)), 4);
  refuses(buildIpPacket({ ...pair4, protocol: 50 }, new Uint8Array(30)), 6);
  refuses(buildIpPacket({ ...pair4, protocol: 50 }, new Uint8Array(30)).subarray(0, 49), 4);
  refuses(buildIpPacket({ ...pair6, protocol: 60 }, Uint8Array.of(50, 9, 0, 0, 0, 0, 0, 0)), 6);
  refuses(new Uint8Array(0), 4);
});

test('options that the system has rewritten after it verified the checksum are no hindrance; a wrong one without options is', () => {
  const header = new OuterHeader();
  const packet = withIpv4Options(buildIpPacket({ ...pair4, protocol: 50 }, new Uint8Array(30)), recordRoute);
  assert.equal(header.read(packet, 0, packet.length, 4), 0);
  assert.deepEqual([header.payloadOffset, header.payloadLength], [28, 30]);
  // As ip_options.c does it: our address is filled in, the pointer goes on, the checksum stays.
  packet.set([8, 192, 0, 2, 2], 22);
  assert.equal(header.read(packet, 0, packet.length, 4), 0);
  assert.deepEqual([header.payloadOffset, header.payloadLength], [28, 30]);
  const bare = buildIpPacket({ ...pair4, protocol: 50 }, new Uint8Array(30));
  bare[10]! ^= 1;
  assert.equal(header.read(bare, 0, bare.length, 4), dropReasons.ipHeader.number);
});

test('refuses fragments (RFC 4303 §3.4.1)', () => {
  const header = new OuterHeader();
  for (const piece of fragmentIpv4(buildIpPacket({ ...pair4, protocol: 50 }, new Uint8Array(100)), 60)) {
    assert.equal(header.read(piece, 0, piece.length, 4), dropReasons.fragment.number);
  }
});

test('tells addresses of hosts from others', () => {
  const cases: [string, 4 | 6, boolean][] = [
    ['192.0.2.1', 4, true],
    ['0.0.0.0', 4, false],
    ['255.255.255.255', 4, false],
    ['224.0.0.1', 4, false],
    ['239.1.2.3', 4, false],
    ['223.255.255.255', 4, true],
    ['2001:db8::1', 6, true],
    ['::1', 6, true],
    ['::', 6, false],
    ['ff02::1', 6, false],
  ];
  for (const [address, family, expected] of cases) assert.equal(isUnicastBytes(ip(address), family), expected, address);
});

test('an IPv4 address is compared by four bytes only', () => {
  const left = present(ip('192.0.2.1')).slice();
  left[4] = 1;
  assert.ok(equalAddressAt(left, 0, ip('192.0.2.1'), 0, 4));
  assert.ok(!equalAddressAt(left, 0, ip('192.0.2.1'), 0, 6));
});

test('IP in IP in clear text has a reason of its own (RFC 4301 §5.2 step 3)', () => {
  const header = new OuterHeader();
  for (const protocol of [4, 41]) {
    const packet4 = buildIpPacket({ ...pair4, protocol }, new Uint8Array(40));
    const packet6 = buildIpPacket({ ...pair6, protocol }, new Uint8Array(40));
    assert.equal(header.read(packet4, 0, packet4.length, 4), dropReasons.clearText.number);
    assert.equal(header.read(packet6, 0, packet6.length, 6), dropReasons.clearText.number);
  }
});
