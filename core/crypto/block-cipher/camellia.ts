/**
 * The block cipher Camellia (RFC 3713), written to be read beside the RFC: its names are kept.
 *
 * An oracle for the native engine, not for speed. 64-bit values are pairs of 32-bit words, high word first.
 * @module
 */
import { fromHex, readU32, writeU32 } from '#core/base/bytes.ts';
import { camelliaSubkeys, type FeistelFunction } from './camellia-key-schedule.ts';
import type { BlockCipher } from './cbc.ts';

/** A Camellia with a key of 16, 24 or 32 bytes. */
export function createCamellia(key: Uint8Array): BlockCipher {
  const subkeys = camelliaSubkeys(key, f);
  const reversed = reverseSubkeys(subkeys);
  return {
    blockBytes: 16,
    encryptBlock: (bytes, offset) => runBlock(subkeys, bytes, offset),
    decryptBlock: (bytes, offset) => runBlock(reversed, bytes, offset),
  };
}

/** SBOX1 (RFC 3713 §2.4.1). */
const sbox1 = tableOf(
  '70822cecb327c0e5e4855735ea0cae4123ef6b934519a521ed0e4f4e1d6592bd' +
    '86b8af8f7ceb1fce3e30dc5f5ec50b1aa6e139cad5475d3dd9015ad651566c4d' +
    '8b0d9a66fbccb02d74122b20f0b18499df4ccbc2347e76056db7a931d11704d7' +
    '14583a61de1b111c320f9c165318f222fe44cfb2c3b57a912408e8a860fc6950' +
    'aad0a07da1896297545b1e95e0ff64d210c40048a3f775db8a03e6da093fdd94' +
    '875c8302cd4a90337367f6f39d7fbfe2529bd826c837c63b81966f4b13be632e' +
    'e979a78c9f6ebc8e29f5f9b62ffdb4597898066ae74671bad425ab4288a28dfa' +
    '7207b955f8eeac0a36492a683c38f1a44028d37bbbc943c115e3adf477c7809e',
);
const sbox2 = sbox1.map((value) => rotate8(value, 1));
const sbox3 = sbox1.map((value) => rotate8(value, 7));
const sbox4 = sbox1.map((_, index) => sbox1[rotate8(index, 1)]!);

/** Rounds between two FL layers (RFC 3713 §2.3). */
const roundsPerGroup = 6;

/**
 * Whitening with the first two subkeys, groups of six rounds with FL and FLINV between them, whitening with the last
 * two (RFC 3713 §2.3.1). The same for decryption, with the subkeys in reverse order (§2.3.3).
 */
function runBlock(subkeys: Uint32Array, bytes: Uint8Array, offset: number): void {
  const d = new Uint32Array(4);
  for (let index = 0; index < 4; index++) d[index] = readU32(bytes, offset + 4 * index) ^ subkeys[index]!;
  let at = 4;
  while (at < subkeys.length - 4) {
    for (let round = 0; round < roundsPerGroup; round++, at += 2) {
      if (round % 2 === 0) f(d, 0, subkeys[at]!, subkeys[at + 1]!, d, 2);
      else f(d, 2, subkeys[at]!, subkeys[at + 1]!, d, 0);
    }
    if (at === subkeys.length - 4) break;
    fl(d, 0, subkeys[at]!, subkeys[at + 1]!);
    flInverse(d, 2, subkeys[at + 2]!, subkeys[at + 3]!);
    at += 4;
  }
  // The halves are exchanged at the end: D2, D1.
  for (let index = 0; index < 4; index++) writeU32(bytes, offset + 4 * index, d[index ^ 2]! ^ subkeys[at + index]!);
}

const f: FeistelFunction = (input, inputAt, keyHigh, keyLow, output, outputAt) => {
  const high = input[inputAt]! ^ keyHigh;
  const low = input[inputAt + 1]! ^ keyLow;
  const t1 = sbox1[high >>> 24]!;
  const t2 = sbox2[(high >>> 16) & 255]!;
  const t3 = sbox3[(high >>> 8) & 255]!;
  const t4 = sbox4[high & 255]!;
  const t5 = sbox2[low >>> 24]!;
  const t6 = sbox3[(low >>> 16) & 255]!;
  const t7 = sbox4[(low >>> 8) & 255]!;
  const t8 = sbox1[low & 255]!;
  const y1 = t1 ^ t3 ^ t4 ^ t6 ^ t7 ^ t8;
  const y2 = t1 ^ t2 ^ t4 ^ t5 ^ t7 ^ t8;
  const y3 = t1 ^ t2 ^ t3 ^ t5 ^ t6 ^ t8;
  const y4 = t2 ^ t3 ^ t4 ^ t5 ^ t6 ^ t7;
  const y5 = t1 ^ t2 ^ t6 ^ t7 ^ t8;
  const y6 = t2 ^ t3 ^ t5 ^ t7 ^ t8;
  const y7 = t3 ^ t4 ^ t5 ^ t6 ^ t8;
  const y8 = t1 ^ t4 ^ t5 ^ t6 ^ t7;
  output[outputAt]! ^= (y1 << 24) | (y2 << 16) | (y3 << 8) | y4;
  output[outputAt + 1]! ^= (y5 << 24) | (y6 << 16) | (y7 << 8) | y8;
};

/** FL (RFC 3713 §2.4.2). */
function fl(d: Uint32Array, at: number, keyHigh: number, keyLow: number): void {
  d[at + 1]! ^= rotate32(d[at]! & keyHigh);
  d[at]! ^= d[at + 1]! | keyLow;
}

/** FLINV (RFC 3713 §2.4.3). */
function flInverse(d: Uint32Array, at: number, keyHigh: number, keyLow: number): void {
  d[at]! ^= d[at + 1]! | keyLow;
  d[at + 1]! ^= rotate32(d[at]! & keyHigh);
}

/** All 64-bit subkeys in reverse order, but each whitening pair in its own (RFC 3713 §2.3.3). */
function reverseSubkeys(subkeys: Uint32Array): Uint32Array {
  const reversed = new Uint32Array(subkeys.length);
  const last = subkeys.length - 2;
  for (let at = 0; at <= last; at += 2) reversed.set(subkeys.subarray(last - at, last - at + 2), at);
  reversed.set(subkeys.subarray(last - 2), 0);
  reversed.set(subkeys.subarray(0, 4), last - 2);
  return reversed;
}

function tableOf(text: string): Uint8Array {
  return fromHex(text) ?? new Uint8Array(0);
}

function rotate8(value: number, count: number): number {
  return ((value << count) | (value >>> (8 - count))) & 255;
}

function rotate32(value: number): number {
  return (value << 1) | (value >>> 31);
}
