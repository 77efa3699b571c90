/**
 * The words of `culvert decrypt` that are no names of files.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { parseSpi } from '#core/sad/spi.ts';

/** The high word of RFC 4303's 64-bit sequence numbers. */
const largestHighWord = 0xffff_ffff;

/**
 * `SPI=HIGH` to SPI → sequence number: an association whose packets had this high word when the capture began. Numbers
 * are decimal, or hexadecimal behind 0x.
 * @throws {IpsecError} `DECRYPT_USAGE`, `SPI_*`.
 */
export function parseStartSequences(words: readonly string[]): ReadonlyMap<number, bigint> {
  return new Map(words.map(parseStartSequence));
}

function parseStartSequence(word: string): [number, bigint] {
  const match = /^(0x[0-9a-f]{1,8}|[0-9]{1,10})=(0x[0-9a-f]{1,8}|[0-9]{1,10})$/i.exec(word);
  const high = Number(match?.[2]);
  if (match === null || !(high <= largestHighWord)) {
    const limits = `SPI=NUMBER with a number up to ${largestHighWord}`;
    throw new IpsecError('DECRYPT_USAGE', `--esn-high "${word.slice(0, 40)}" is not ${limits}`);
  }
  return [parseSpi(Number(match[1])), BigInt(high) << 32n];
}
