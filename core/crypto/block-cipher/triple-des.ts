/**
 * The block cipher Triple DES, encrypt-decrypt-encrypt with three keys (FIPS 46-3, NIST SP 800-67; RFC 2451 for ESP).
 *
 * An oracle for the native engine, not for speed. DES counts bits from the left, from 1; so do its tables here.
 * @module
 */
import { readU32, writeU32 } from '#core/base/bytes.ts';
import { desKeyBytes, desSubkeys } from './des-key-schedule.ts';
import type { BlockCipher } from './cbc.ts';

/** A Triple DES with a key of 24 bytes: three keys of 8 bytes, whose parity bits are not looked at. */
export function createTripleDes(key: Uint8Array): BlockCipher {
  const part = (index: number): Uint8Array => key.subarray(index * desKeyBytes, (index + 1) * desKeyBytes);
  const rounds = [...desSubkeys(part(0)), ...desSubkeys(part(1)).reverse(), ...desSubkeys(part(2))];
  const reversed = rounds.toReversed();
  return {
    blockBytes: 8,
    encryptBlock: (bytes, offset) => runBlock(rounds, bytes, offset),
    decryptBlock: (bytes, offset) => runBlock(reversed, bytes, offset),
  };
}

const roundsPerKey = 16;

/** The S-boxes S1 to S8, four rows each (FIPS 46-3, appendix 1). */
const sBoxes = [
  'e4d12fb83a6c5907 0f74e2d1a6cb9538 41e8d62bfc973a50 fc8249175b3ea06d',
  'f18e6b34972dc05a 3d47f28ec01a69b5 0e7ba4d158c6932f d8a13f42b67c05e9',
  'a09e63f51dc7b428 d709346a285ecbf1 d6498f30b12c5ae7 1ad069874fe3b52c',
  '7de3069a1285bc4f d8b56f03472c1ae9 a690cb7df13e5284 3f06a1d8945bc72e',
  '2c417ab6853fd0e9 eb2c47d150fa3986 421bad78f9c5630e b8c71e2d6f09a453',
  'c1af92680d34e75b af427c9561de0b38 9ef528c3704a1db6 432c95fabe17608d',
  '4b2ef08d3c975a61 d0b7491ae35c2f86 14bdc37eaf680592 6bd814a7950fe23c',
  'd2846fb1a93e50c7 1fd8a374c56b0e92 7b419ce206adf358 21e74a8dfc90356b',
].map((box) => box.replaceAll(' ', ''));

/** P: which bit of the S-boxes' output comes where. */
const permutationP = [
  ...[16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10],
  ...[2, 8, 24, 14, 32, 27, 3, 9, 19, 13, 30, 6, 22, 11, 4, 25],
];

/** For each S-box its 64 inputs, one box after the other: the output where P puts it. */
const boxes = Uint32Array.from({ length: 8 * 64 }, (_, index) => {
  const [number, input] = [index >> 6, index & 63];
  const row = ((input >> 4) & 2) | (input & 1);
  const output = parseInt(sBoxes[number]?.charAt(row * 16 + ((input >> 1) & 15)) ?? '', 16) << (28 - 4 * number);
  return permutationP.reduce((word, from) => (word << 1) | ((output >>> (32 - from)) & 1), 0);
});

/**
 * IP, all rounds, the inverse of IP. Between two DES stand an inverse IP and an IP, which undo each other: what is left
 * of the seam is the exchange of the halves.
 */
function runBlock(rounds: readonly Uint8Array[], bytes: Uint8Array, offset: number): void {
  const block = Uint32Array.of(readU32(bytes, offset), readU32(bytes, offset + 4));
  const permuted = initialPermutation(block);
  let left = permuted[0]!;
  let right = permuted[1]!;
  for (const [index, subkey] of rounds.entries()) {
    const next = left ^ feistel(right, subkey);
    left = right;
    right = next;
    if ((index + 1) % roundsPerKey === 0) [left, right] = [right, left];
  }
  const result = inverseInitialPermutation(Uint32Array.of(left, right));
  writeU32(bytes, offset, result[0]!);
  writeU32(bytes, offset + 4, result[1]!);
}

/** E, the subkey, S-boxes and P. E gives S-box n the bits 4n - 4 to 4n + 1, wrapped around. */
function feistel(right: number, subkey: Uint8Array): number {
  let output = 0;
  for (let number = 0; number < 8; number++) {
    const count = (4 * number + 5) % 32;
    const six = ((right << count) | (right >>> (32 - count))) & 63;
    output |= boxes[number * 64 + (six ^ subkey[number]!)]!;
  }
  return output;
}

/** IP: output bit 8r + c + 1 is input bit 8(7 - c) + (2, 4, 6, 8, 1, 3, 5, 7)[r]. */
function initialPermutation(block: Uint32Array): Uint32Array {
  const out = new Uint32Array(2);
  for (let index = 0; index < 64; index++) setBit(out, index, bitOf(block, initialPermutationSource(index)));
  return out;
}

function inverseInitialPermutation(block: Uint32Array): Uint32Array {
  const out = new Uint32Array(2);
  for (let index = 0; index < 64; index++) setBit(out, initialPermutationSource(index), bitOf(block, index));
  return out;
}

/** From 0, as the index is. */
function initialPermutationSource(index: number): number {
  const row = index >> 3;
  return 8 * (7 - (index & 7)) + (row < 4 ? 2 * row + 1 : 2 * (row - 4));
}

function bitOf(block: Uint32Array, index: number): number {
  return (block[index >> 5]! >>> (31 - (index & 31))) & 1;
}

function setBit(block: Uint32Array, index: number, bit: number): void {
  block[index >> 5]! |= bit << (31 - (index & 31));
}
