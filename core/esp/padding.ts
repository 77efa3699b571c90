/**
 * The end of an opened ESP packet (RFC 4303 §2.4 to §2.6): inner packet, padding, pad length, next header.
 * Engines write it (core/crypto); here it is read, after the ICV has verified and never before.
 * @module
 */
import { ciphertextBytes, trailerBytes } from '#core/crypto/suite-shape.ts';

/** Pad length of the plaintext that ends at `end`. Not yet believed: see `payloadLength`. */
export function padLength(bytes: Uint8Array, end: number): number {
  return bytes[end - 2]!;
}

/** Next header of the plaintext that ends at `end`. */
export function nextHeader(bytes: Uint8Array, end: number): number {
  return bytes[end - 1]!;
}

/**
 * Bytes in front of the padding, for a plaintext of `length` bytes that ends at `end`; -1 when the pad length is
 * larger than what is there (RFC 4303 §2.5).
 */
export function payloadLength(bytes: Uint8Array, end: number, length: number): number {
  if (length < trailerBytes) return -1;
  const payload = length - trailerBytes - padLength(bytes, end);
  return payload < 0 ? -1 : payload;
}

/** Whether the padding of the plaintext that ends at `end` reads 1, 2, 3 … (RFC 4303 §2.4). Ask `payloadLength` first. */
export function isSequentialPadding(bytes: Uint8Array, end: number): boolean {
  const length = padLength(bytes, end);
  const start = end - trailerBytes - length;
  let difference = 0;
  for (let index = 0; index < length; index++) difference |= bytes[start + index]! ^ (index + 1);
  return difference === 0;
}

/** Bytes of padding that a sender adds to an inner packet. */
export function paddingBytes(innerLength: number, blockBytes: number): number {
  return ciphertextBytes(innerLength, blockBytes) - innerLength - trailerBytes;
}
