import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readU16, readU32, toHex, writeU16 } from '#core/base/bytes.ts';
import { checksumSum, foldChecksum, internetChecksum, ipv6PseudoHeaderSum } from '#core/ip/checksum.ts';
import { checkIpHeader, HeaderCheck } from '#core/ip/header-check.ts';
import { emitFragmentationNeeded, emitPacketTooBig, mayAnswerIpv4, mayAnswerIpv6 } from '#core/ip/icmp.ts';
import { hasDontFragment, ipv4Protocol, ipv4TotalLength, writeIpv4Checksum } from '#core/ip/ipv4.ts';
import { hexBytes } from '#test/fixtures/read-fixture.ts';

const router4 = Uint8Array.of(172, 16, 0, 1);
const router6 = hexBytes('20010db8000a00000000000000000001');

function ipv4Packet(length: number, changes: Record<number, number> = {}): Uint8Array {
  const packet = new Uint8Array(length).fill(0x77);
  packet.set(hexBytes('45000000123440003f060000c633640ac63364c8'));
  writeU16(packet, 2, length);
  for (const [index, value] of Object.entries(changes)) packet[Number(index)] = value;
  writeIpv4Checksum(packet, 0);
  return packet;
}

function ipv6Packet(length: number, changes: Record<number, number> = {}): Uint8Array {
  const packet = new Uint8Array(length).fill(0x77);
  packet.set(hexBytes('600000000000063f20010db8000a0000000000000000001020010db8000b00000000000000000020'));
  writeU16(packet, 4, length - 40);
  for (const [index, value] of Object.entries(changes)) packet[Number(index)] = value;
  return packet;
}

test('answers an IPv4 packet that is too big with the MTU and the start of it, 576 bytes at most (RFC 1191, RFC 1812)', () => {
  for (const length of [28, 548, 549, 1500]) {
    const packet = ipv4Packet(length);
    const out = new Uint8Array(640).fill(0xa5);
    const written = emitFragmentationNeeded({ bytes: packet, offset: 0, length, mtu: 1418, source: router4 }, out, 3);
    assert.equal(written, Math.min(576, 28 + length));
    assert.equal(checkIpHeader(out, 3, written, 4), HeaderCheck.valid);
    assert.equal(ipv4TotalLength(out, 3), written);
    assert.equal(ipv4Protocol(out, 3), 1);
    assert.equal(hasDontFragment(out, 3), true);
    assert.equal(toHex(out.slice(3 + 12, 3 + 20)), 'ac100001c633640a');
    assert.equal(toHex(out.slice(3 + 20, 3 + 22)), '0304');
    assert.equal(readU16(out, 3 + 24), 0);
    assert.equal(readU16(out, 3 + 26), 1418);
    assert.equal(internetChecksum(out, 3 + 20, written - 20), 0);
    assert.deepEqual(out.slice(3 + 28, 3 + written), packet.slice(0, written - 28));
    assert.equal(out[3 + written], 0xa5);
  }
});

test('answers an IPv6 packet that is too big, 1280 bytes at most (RFC 4443 §3.2)', () => {
  for (const length of [48, 1232, 1233, 9000]) {
    const packet = Uint8Array.of(0, 0, ...ipv6Packet(length));
    const out = new Uint8Array(1400).fill(0xa5);
    const written = emitPacketTooBig({ bytes: packet, offset: 2, length, mtu: 1398, source: router6 }, out, 1);
    assert.equal(written, Math.min(1280, 48 + length));
    assert.equal(checkIpHeader(out, 1, written, 6), HeaderCheck.valid);
    assert.equal(toHex(out.slice(1 + 24, 1 + 40)), '20010db8000a00000000000000000010');
    assert.equal(toHex(out.slice(1 + 40, 1 + 42)), '0200');
    assert.equal(readU32(out, 1 + 44), 1398);
    const pseudoHeader = ipv6PseudoHeaderSum(out, 1, 58, written - 40);
    assert.equal(foldChecksum(checksumSum(out, 41, written - 40, pseudoHeader)), 0);
    assert.deepEqual(out.slice(1 + 48, 1 + written), packet.slice(2, 2 + written - 48));
    assert.equal(out[1 + written], 0xa5);
  }
});

test('an IPv4 packet is not answered when it is an error, a later fragment, or of a group (RFC 1122 §3.2.2)', () => {
  const may = (changes: Record<number, number>): boolean => mayAnswerIpv4(ipv4Packet(100, changes), 0, 100);
  assert.equal(may({}), true);
  assert.equal(may({ 6: 0x20, 7: 0 }), true, 'a first fragment');
  assert.equal(may({ 6: 0, 7: 1 }), false, 'a later fragment');
  assert.equal(may({ 9: 1, 20: 8 }), true, 'an echo request');
  for (const type of [3, 4, 5, 11, 12, 200]) assert.equal(may({ 9: 1, 20: type }), false, `ICMP type ${type}`);
  for (const first of [0, 127, 224, 255]) assert.equal(may({ 12: first }), false, `source ${first}/8`);
  for (const first of [224, 239, 255]) assert.equal(may({ 16: first }), false, `destination ${first}/8`);
  assert.equal(mayAnswerIpv4(ipv4Packet(20, { 9: 1 }), 0, 20), false, 'ICMP without a type');
});

test('an IPv6 packet is not answered when it is an error, or from no single host (RFC 4443 §2.4 e)', () => {
  const may = (changes: Record<number, number>): boolean => mayAnswerIpv6(ipv6Packet(100, changes), 0, 100);
  assert.equal(may({}), true);
  assert.equal(may({ 24: 0xff }), true, 'a group as destination');
  assert.equal(may({ 6: 58, 40: 128 }), true, 'an echo request');
  for (const type of [1, 2, 3, 4, 127, 137]) assert.equal(may({ 6: 58, 40: type }), false, `ICMPv6 type ${type}`);
  assert.equal(may({ 8: 0xff }), false, 'a group as source');
  const unspecified = ipv6Packet(100).fill(0, 8, 24);
  assert.equal(mayAnswerIpv6(unspecified, 0, 100), false, 'from nowhere');
  assert.equal(mayAnswerIpv6(ipv6Packet(40, { 6: 58 }), 0, 40), false, 'ICMPv6 without a type');
});
