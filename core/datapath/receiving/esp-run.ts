/**
 * Runs of ESP packets: neighbours in one message of UDP GRO, equal in size, of one SPI, with consecutive sequence numbers.
 * What a sender cuts a super-packet into arrives as such, and the loop decides on it at once.
 * @module
 */
import { lastSequence32 } from '#core/datapath/association-state.ts';
import { packetSequence } from '#core/esp/packet.ts';

/**
 * How many of the packets that lie behind the one at `offset`, up to `end` and no more than `most`, continue it. Its
 * `length` is theirs, and at least an ESP header's. No run goes beyond a low word of 2³²−1.
 */
export function countFollowers(arena: Uint8Array, offset: number, length: number, end: number, most: number): number {
  const spi = readWord(arena, offset);
  const sequence = readWord(arena, offset + 4);
  const left = lastSequence32 - packetSequence(arena, offset);
  const room = Math.min(most, Math.floor((end - offset) / length) - 1, left);
  let followers = 0;
  for (let at = offset + length; followers < room; at += length) {
    if (readWord(arena, at) !== spi || readWord(arena, at + 4) !== ((sequence + followers + 1) | 0)) break;
    followers++;
  }
  return followers;
}

/** 32 bits as a signed number: those V8 neither allocates nor converts. */
function readWord(bytes: Uint8Array, offset: number): number {
  return (bytes[offset]! << 24) | (bytes[offset + 1]! << 16) | (bytes[offset + 2]! << 8) | bytes[offset + 3]!;
}
