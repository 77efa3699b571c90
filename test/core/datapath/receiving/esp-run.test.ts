import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { writeU32 } from '#core/base/bytes.ts';
import { countFollowers } from '#core/datapath/receiving/esp-run.ts';

const packetBytes = 40;

/** Packets back to back, of which only the heads say something. */
function message(...heads: readonly (readonly [spi: number, sequence: number])[]): Uint8Array {
  const bytes = new Uint8Array(heads.length * packetBytes);
  for (const [index, [spi, sequence]] of heads.entries()) {
    writeU32(bytes, index * packetBytes, spi);
    writeU32(bytes, index * packetBytes + 4, sequence);
  }
  return bytes;
}

function followers(bytes: Uint8Array, most = 100, end = bytes.length): number {
  return countFollowers(bytes, 0, packetBytes, end, most);
}

describe('a run', () => {
  test('goes on as long as the numbers do, also above 2³¹', () => {
    for (const first of [1, 0x7fffffff, 0xfffffff0]) {
      const heads = [0, 1, 2, 3].map((step) => [0xc0001000, first + step] as const);
      assert.equal(followers(message(...heads)), 3);
    }
  });

  test('ends at a gap, a repeated number, a number that goes back, and another SPI', () => {
    const head = [0x1000, 5] as const;
    for (const [spi, sequence] of [
      [0x1000, 8],
      [0x1000, 6],
      [0x1000, 5],
      [0x1001, 7],
      [0x01001000, 7],
    ] as const) {
      assert.equal(followers(message(head, [0x1000, 6], [spi, sequence], [0x1000, sequence + 1])), 1);
    }
  });

  test('does not go beyond a low word of 2³²−1', () => {
    assert.equal(followers(message([1, 0xfffffffe], [1, 0xffffffff], [1, 0])), 1);
  });

  test('ends before a shorter packet, and with the room that there is', () => {
    const bytes = message([1, 1], [1, 2], [1, 3], [1, 4]);
    assert.equal(followers(bytes, 100, bytes.length - 1), 2);
    assert.equal(followers(bytes, 2), 2);
    assert.equal(followers(bytes, 0), 0);
  });
});
