import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headerLength, takeApart } from '#core/crypto/joined-packets.ts';
import { OpenRow } from '#core/crypto/transform.ts';
import { buildUdpPacket } from '#core/host/memory/ip-packet.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { joined } from '#test/core/tun-tap/joined.ts';

const pairs = [
  { source: parseIpAddress('10.1.0.1'), destination: parseIpAddress('10.2.0.1') },
  { source: parseIpAddress('fd00:1::1'), destination: parseIpAddress('fd00:2::1') },
];
const trailer = [1, 2, 3, 3, 4];
/** Bytes of ESP header, IV and ICV between two plaintexts. */
const between = 32;

test('packets that lie joined go back to where each would be alone, and others of the run stay', () => {
  for (const pair of pairs) {
    const packets = [1, 2, 3, 4, 5].map((identification) =>
      buildUdpPacket({ ...pair, sourcePort: 1, destinationPort: 2, payload: new Uint8Array(50).fill(identification) }),
    );
    const plaintexts = packets.map((packet) => Uint8Array.from([...packet, ...trailer]));
    const each = plaintexts[0]?.length ?? 0;
    const rows = new Int32Array(6 * OpenRow.stride);
    const alone = new Uint8Array(6 * (each + between));
    plaintexts.forEach((plaintext, index) => {
      const offset = (1 + index) * (each + between);
      alone.set(plaintext, offset);
      rows[(1 + index) * OpenRow.stride + OpenRow.outOffset] = offset;
      rows[(1 + index) * OpenRow.stride + OpenRow.outLength] = each;
    });
    const wanted = rows.slice();
    wanted[OpenRow.stride + OpenRow.outJoined] = 1;
    const arena = alone.slice();
    const piece = Uint8Array.from([...joined(packets.slice(0, 4)), ...trailer]);
    arena.fill(0xee, each + between, 5 * (each + between));
    arena.set(piece, each + between);
    rows[OpenRow.stride + OpenRow.outJoined] = 4;
    rows[OpenRow.stride + OpenRow.outLength] = piece.length;
    takeApart(rows, 1, 5, arena);
    assert.deepEqual(rows, wanted);
    for (let index = 1; index <= 5; index++) {
      const offset = index * (each + between);
      assert.deepEqual(arena.slice(offset, offset + each), plaintexts[index - 1]);
    }
  }
});

test('the headers of TCP count their options', () => {
  const packet = new Uint8Array(80);
  packet.set([0x45], 0);
  packet[9] = 6;
  packet[32] = 8 << 4;
  assert.equal(headerLength(packet, 0), 52);
});
