import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { IpHeader } from '#core/datapath/ip-header.ts';
import { fragmentIpv4 } from '#core/host/memory/fragments.ts';
import { buildIpPacket } from '#core/host/memory/ip-packet.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { HeaderCheck } from '#core/ip/header-check.ts';
import { present } from '#test/fixtures/read-fixture.ts';

const pair4 = { source: parseIpAddress('10.1.0.1'), destination: parseIpAddress('10.2.0.1') };
const pair6 = { source: parseIpAddress('fd00:1::1'), destination: parseIpAddress('fd00:2::1') };

function read(packet: Uint8Array, isFound = true): IpHeader {
  const header = new IpHeader();
  const padded = Uint8Array.of(9, 9, 9, ...packet, 9, 9);
  assert.equal(header.read(padded, 3, packet.length + 2, 0), HeaderCheck.valid);
  assert.equal(header.findUpperLayer(padded, 3), isFound);
  return header;
}

describe('the header of a packet', () => {
  test('IPv4: lengths, TOS, DF, protocol', () => {
    const header = read(buildIpPacket({ ...pair4, protocol: 17, tos: 0x2e, hasDontFragment: true }, new Uint8Array(9)));
    const { family, headerLength, totalLength, tos, protocol, hasDontFragment, upperOffset, isFragment } = header;
    assert.deepEqual(
      { family, headerLength, totalLength, tos, protocol },
      { family: 4, headerLength: 20, totalLength: 29, tos: 0x2e, protocol: 17 },
    );
    assert.deepEqual(
      { hasDontFragment, upperOffset, isFragment },
      { hasDontFragment: true, upperOffset: 20, isFragment: false },
    );
  });

  test('IPv4 fragments: the first has the upper header, the later ones do not', () => {
    const pieces = fragmentIpv4(buildIpPacket({ ...pair4, protocol: 17, identification: 77 }, new Uint8Array(100)), 60);
    const headers = pieces.map((piece) => read(piece));
    assert.deepEqual(
      headers.map(({ isFragment, isLaterFragment, fragmentId }) => [isFragment, isLaterFragment, fragmentId]),
      [
        [true, false, 77],
        [true, true, 77],
        [true, true, 77],
      ],
    );
  });

  test('IPv6: extension headers are skipped (RFC 8200 §4.1)', () => {
    const extensions = Uint8Array.of(
      60,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      43,
      1,
      ...new Uint8Array(14),
      17,
      0,
      ...new Uint8Array(6),
    );
    const header = read(buildIpPacket({ ...pair6, protocol: 0 }, Uint8Array.of(...extensions, 1, 2, 3)));
    assert.deepEqual([header.protocol, header.upperOffset], [17, 40 + extensions.length]);
    assert.equal(header.hasDontFragment, true);
  });

  test('IPv6: who looks for the upper layer again finds the same', () => {
    const packet = buildIpPacket({ ...pair6, protocol: 60 }, Uint8Array.of(17, 0, 1, 4, 0, 0, 0, 0, 1, 2, 3));
    const header = new IpHeader();
    header.read(packet, 0, packet.length, 6);
    for (const round of [1, 2]) {
      assert.ok(header.findUpperLayer(packet, 0));
      assert.deepEqual([header.protocol, header.upperOffset], [17, 48], `round ${round}`);
    }
  });

  test('IPv6 fragments, and the atomic fragment that is a whole packet (RFC 6946)', () => {
    const withField = (field: number): IpHeader =>
      read(
        buildIpPacket(
          { ...pair6, protocol: 44 },
          Uint8Array.of(50, 0, field >>> 8, field, 0, 0, 0, 5, 1, 2, 3, 4, 5, 6, 7, 8),
        ),
      );
    const flags = ({ isFragment, isLaterFragment, fragmentId, protocol }: IpHeader): unknown[] => [
      isFragment,
      isLaterFragment,
      fragmentId,
      protocol,
    ];
    assert.deepEqual(flags(withField(0x0001)), [true, false, 5, 50]);
    assert.deepEqual(flags(withField(0x0008)), [true, true, 5, 50]);
    assert.deepEqual(flags(withField(0x0000)), [false, false, 5, 50]);
  });

  test('a chain that ends outside the packet is not found', () => {
    for (const payload of [[60, 9, 0, 0, 0, 0, 0, 0], [60], [60, 0, 0, 0, 0, 0, 0, 0, 60]]) {
      read(buildIpPacket({ ...pair6, protocol: 60 }, Uint8Array.from(payload)), false);
    }
  });

  test('the numbers of the packet before do not stay', () => {
    const header = new IpHeader();
    const [, later] = fragmentIpv4(buildIpPacket({ ...pair4, protocol: 17 }, new Uint8Array(100)), 60);
    const whole = buildIpPacket({ ...pair6, protocol: 17 }, new Uint8Array(8));
    header.read(present(later), 0, present(later).length, 4);
    header.findUpperLayer(present(later), 0);
    header.read(whole, 0, whole.length, 6);
    header.findUpperLayer(whole, 0);
    assert.deepEqual([header.isFragment, header.isLaterFragment], [false, false]);
  });
});
