import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toHex } from '#core/base/bytes.ts';
import { findIpPacket, isKnownLinkType } from '#core/capture/link-layer.ts';
import { canCarry, frameMakers } from '#test/support/capture/capture-maker.ts';
import { hexBytes, present } from '#test/fixtures/read-fixture.ts';

const ipv4 = hexBytes('4500001400000000ff320000c0000201c0000202');
const ipv6 = hexBytes(`6000000000003240${'20010db8'.repeat(8)}`);

for (const maker of frameMakers) {
  test(`the IP packet is found in ${maker.name}`, () => {
    for (const [packet, family] of [
      [ipv4, 4],
      [ipv6, 6],
    ] as const) {
      if (!canCarry(maker, packet)) continue;
      const frame = maker.frame(packet);
      const found = present(findIpPacket(maker.linkType, frame));
      assert.equal(found.family, family);
      assert.equal(toHex(frame.subarray(found.offset, found.offset + packet.length)), toHex(packet));
    }
    assert.ok(isKnownLinkType(maker.linkType));
  });

  test(`${maker.name}, cut anywhere in front of the packet, holds none`, () => {
    if (maker.frame(ipv4).length === ipv4.length) return assert.equal(findIpPacket(101, new Uint8Array(0)), null);
    const frame = maker.frame(ipv4);
    const { offset } = present(findIpPacket(maker.linkType, frame));
    for (let length = 0; length < offset; length++) {
      assert.equal(findIpPacket(maker.linkType, frame.subarray(0, length)), null, String(length));
    }
  });
}

test('what is no IP is none', () => {
  for (const [linkType, hex] of [
    [1, '0200000000010200000000020806000108000604'],
    [1, '02000000000102000000000281000064080600010800'],
    [1, '0200000000010200000000020026424203000000000000'],
    [113, '00000001000602000000000200ff0806'],
    [276, '08060000000000030001000602000000000200000000'],
    [0, '0000000745000014'],
    [108, '02000000450000'],
    [101, '50000014'],
  ] as const) {
    assert.equal(findIpPacket(linkType, hexBytes(hex)), null, hex);
  }
});

test('a frame full of VLAN tags ends', () => {
  assert.equal(findIpPacket(1, new Uint8Array(60_000).fill(0x81)), null);
  assert.equal(findIpPacket(1, hexBytes(`${'00'.repeat(12)}${'81000001'.repeat(5000)}`)), null);
});

test('a link type that nobody knows is told as such', () => {
  assert.equal(isKnownLinkType(105), false);
  assert.equal(findIpPacket(105, ipv4), null);
});
