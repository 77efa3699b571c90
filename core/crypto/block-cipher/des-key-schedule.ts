/**
 * DES's key schedule (FIPS 46-3, appendix 1): 16 subkeys of 48 bits out of the 56 that count.
 * @module
 */

/** A key with its parity bits. */
export const desKeyBytes = 8;

/** The subkeys K1 to K16, each as its eight groups of six bits. */
export function desSubkeys(key: Uint8Array): Uint8Array[] {
  const bits = permutedChoice1.map((from) => (key[(from - 1) >> 3]! >> (7 - ((from - 1) & 7))) & 1);
  let [c, d] = [bits.slice(0, 28), bits.slice(28)];
  return rotations.map((count) => {
    c = [...c.slice(count), ...c.slice(0, count)];
    d = [...d.slice(count), ...d.slice(0, count)];
    const both = [...c, ...d];
    const subkey = new Uint8Array(8);
    for (const [index, from] of permutedChoice2.entries()) {
      subkey[Math.floor(index / 6)]! |= (both[from - 1] ?? 0) << (5 - (index % 6));
    }
    return subkey;
  });
}

/** PC-1: C, then D. */
const permutedChoice1 = [
  ...[57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18],
  ...[10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60, 52, 44, 36],
  ...[63, 55, 47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22],
  ...[14, 6, 61, 53, 45, 37, 29, 21, 13, 5, 28, 20, 12, 4],
];

/** PC-2. */
const permutedChoice2 = [
  ...[14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10],
  ...[23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2],
  ...[41, 52, 31, 37, 47, 55, 30, 40, 51, 45, 33, 48],
  ...[44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32],
];

/** How far C and D turn to the left for each subkey. */
const rotations = [1, 1, 2, 2, 2, 2, 2, 2, 1, 2, 2, 2, 2, 2, 2, 1];
