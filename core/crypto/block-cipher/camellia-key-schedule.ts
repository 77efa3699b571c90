/**
 * Camellia's key schedule (RFC 3713 §2.2): which rotation of which intermediate key gives which subkey.
 * @module
 */
import { toHex } from '#core/base/bytes.ts';

/** `output[outputAt…] ^= F(input[inputAt…], key)`, on pairs of 32-bit words (RFC 3713 §2.4.1). */
export type FeistelFunction = (
  input: Uint32Array,
  inputAt: number,
  keyHigh: number,
  keyLow: number,
  output: Uint32Array,
  outputAt: number,
) => void;

/**
 * The 64-bit subkeys in the order of their use (kw1, kw2, k1 … k6, ke1, ke2, k7 … kw3, kw4), each as two words.
 * `key` has 16, 24 or 32 bytes.
 */
export function camelliaSubkeys(key: Uint8Array, f: FeistelFunction): Uint32Array {
  const intermediate = intermediateKeys(key, f);
  const halves = key.length === 16 ? shortSchedule : longSchedule;
  const subkeys = new Uint32Array(halves.length * 2);
  for (const [index, { source, rotation, half }] of halves.entries()) {
    const rotated = rotate128(intermediate[source], rotation);
    const value = half === 'high' ? rotated >> 64n : rotated & mask64;
    subkeys[index * 2] = Number(value >> 32n);
    subkeys[index * 2 + 1] = Number(value & 0xffffffffn);
  }
  return subkeys;
}

type KeyName = 'KL' | 'KR' | 'KA' | 'KB';
type SubkeyRow = { readonly source: KeyName; readonly rotation: number; readonly half: 'high' | 'low' };

/** 128-bit keys; one line an application of whitening, two rounds or FL and FLINV. */
const shortSchedule: readonly SubkeyRow[] = [
  ...both('KL', 0),
  ...both('KA', 0),
  ...both('KL', 15),
  ...both('KA', 15),
  ...both('KA', 30),
  ...both('KL', 45),
  { source: 'KA', rotation: 45, half: 'high' },
  { source: 'KL', rotation: 60, half: 'low' },
  ...both('KA', 60),
  ...both('KL', 77),
  ...both('KL', 94),
  ...both('KA', 94),
  ...both('KL', 111),
  ...both('KA', 111),
];

/** 192-bit and 256-bit keys. */
const longSchedule: readonly SubkeyRow[] = [
  ...both('KL', 0),
  ...both('KB', 0),
  ...both('KR', 15),
  ...both('KA', 15),
  ...both('KR', 30),
  ...both('KB', 30),
  ...both('KL', 45),
  ...both('KA', 45),
  ...both('KL', 60),
  ...both('KR', 60),
  ...both('KB', 60),
  ...both('KL', 77),
  ...both('KA', 77),
  ...both('KR', 94),
  ...both('KA', 94),
  ...both('KL', 111),
  ...both('KB', 111),
];

function both(source: KeyName, rotation: number): readonly SubkeyRow[] {
  return [
    { source, rotation, half: 'high' },
    { source, rotation, half: 'low' },
  ];
}

/** Sigma1 to Sigma6 as words. */
const sigma = Uint32Array.of(
  ...[0xa09e667f, 0x3bcc908b, 0xb67ae858, 0x4caa73b2, 0xc6ef372f, 0xe94f82be],
  ...[0x54ff53a5, 0xf1d36f1c, 0x10e527fa, 0xde682d1d, 0xb05688c2, 0xb3e6c1fd],
);

const mask64 = (1n << 64n) - 1n;
const mask128 = (1n << 128n) - 1n;

function intermediateKeys(key: Uint8Array, f: FeistelFunction): Readonly<Record<KeyName, bigint>> {
  const KL = toBigInt(key.subarray(0, 16));
  const KR = rightKey(key.subarray(16));
  const middle = twoRounds(KL ^ KR, 0, f);
  const KA = twoRounds(middle ^ KL, 2, f);
  const KB = twoRounds(KA ^ KR, 4, f);
  return { KL, KR, KA, KB };
}

/** What follows the first 128 bits: nothing, 64 bits that are completed by their complement, or 128 bits. */
function rightKey(rest: Uint8Array): bigint {
  const value = rest.length === 0 ? 0n : toBigInt(rest);
  return rest.length === 8 ? (value << 64n) | (value ^ mask64) : value;
}

/** Two rounds over D1 ‖ D2 with the constants from `firstSigma` on. */
function twoRounds(input: bigint, firstSigma: number, f: FeistelFunction): bigint {
  const d = Uint32Array.from([96n, 64n, 32n, 0n], (shift) => Number((input >> shift) & 0xffffffffn));
  const at = firstSigma * 2;
  f(d, 0, sigma[at]!, sigma[at + 1]!, d, 2);
  f(d, 2, sigma[at + 2]!, sigma[at + 3]!, d, 0);
  return d.reduce((value, word) => (value << 32n) | BigInt(word), 0n);
}

function rotate128(value: bigint, count: number): bigint {
  return ((value << BigInt(count)) | (value >> BigInt(128 - count))) & mask128;
}

function toBigInt(bytes: Uint8Array): bigint {
  return BigInt(`0x${toHex(bytes)}`);
}
