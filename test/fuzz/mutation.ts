/**
 * Changes to a packet in place, cheap enough for a million a second: bits, bytes and words with values that sit on the
 * edges of parsers, cuts, and tails of whatever lay behind the packet before.
 * @module
 */
import type { Xorshift } from './xorshift.ts';

const edgeBytes = Uint8Array.of(
  0,
  1,
  2,
  4,
  5,
  6,
  0x0f,
  0x3a,
  0x3b,
  0x3c,
  0x29,
  0x2b,
  0x2c,
  0x32,
  0x7f,
  0x80,
  0xfe,
  0xff,
);
const edgeWords = Uint16Array.of(0, 1, 7, 8, 19, 20, 39, 40, 0x1fff, 0x2000, 0x4000, 0x7fff, 0x8000, 0xfffe, 0xffff);
/** Headers are what parsers look at, so most changes go there. */
const headerBytes = 48;
const longestTail = 64;

/** Change the `length` bytes at `offset` one to four times. Returns the new length; `room` bytes are there. */
export function mutate(bytes: Uint8Array, offset: number, length: number, room: number, random: Xorshift): number {
  let current = length;
  for (let changes = 1 + (random.next() & 3); changes > 0; changes--) {
    const draw = random.next();
    const span = (draw & 0x70) === 0 ? current : Math.min(current, headerBytes);
    const at = offset + (span === 0 ? 0 : (draw >>> 8) % span);
    const kind = draw & 0x0f;
    if (kind < 5) bytes[at]! ^= 1 << (draw >>> 29);
    else if (kind < 9) bytes[at] = edgeBytes[(draw >>> 20) % edgeBytes.length]!;
    else if (kind < 12) bytes[at] = draw >>> 16;
    else if (kind < 14) writeWord(bytes, at, edgeWords[(draw >>> 20) % edgeWords.length]!);
    else if (kind === 14) current = random.below(current + 1);
    else current = Math.min(room, current + random.below(longestTail));
  }
  return current;
}

function writeWord(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value;
}
