/**
 * Integers in the byte order of the machine that wrote a capture file.
 * @module
 */
import { readU16, readU32 } from '#core/base/bytes.ts';

/** Unsigned 16-bit integer at `offset`. */
export function readWord16(bytes: Uint8Array, offset: number, isLittle: boolean): number {
  return isLittle ? bytes[offset]! | (bytes[offset + 1]! << 8) : readU16(bytes, offset);
}

/** Unsigned 32-bit integer at `offset`. */
export function readWord32(bytes: Uint8Array, offset: number, isLittle: boolean): number {
  if (!isLittle) return readU32(bytes, offset);
  return (bytes[offset]! | (bytes[offset + 1]! << 8) | (bytes[offset + 2]! << 16) | (bytes[offset + 3]! << 24)) >>> 0;
}

/** Signed 64-bit integer at `offset`. */
export function readSigned64(bytes: Uint8Array, offset: number, isLittle: boolean): bigint {
  const first = BigInt(readWord32(bytes, offset, isLittle));
  const second = BigInt(readWord32(bytes, offset + 4, isLittle));
  return BigInt.asIntN(64, isLittle ? (second << 32n) | first : (first << 32n) | second);
}
