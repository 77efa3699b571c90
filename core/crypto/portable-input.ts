/**
 * What goes into cipher and MAC beside the ciphertext: nonces, additional data, and the high word of an extended
 * sequence number, which is authenticated but never sent (RFC 4303 §2.2.1).
 * @module
 */
import { readU32, writeU32 } from '#core/base/bytes.ts';
import type { PortableSuite } from './portable-suite.ts';
import { espHeaderBytes } from './suite-shape.ts';

/** What an AEAD authenticates beside the ciphertext: SPI, with ESN the high word, low word (RFC 4106 §5, RFC 7634 §2.1). */
export function additionalData(packet: Uint8Array, hasEsn: boolean, sequenceHigh: number): Uint8Array {
  if (!hasEsn) return packet.slice(0, espHeaderBytes);
  const aad = new Uint8Array(espHeaderBytes + 4);
  writeU32(aad, 0, readU32(packet, 0));
  writeU32(aad, 4, sequenceHigh);
  writeU32(aad, 8, readU32(packet, 4));
  return aad;
}

/** What a separate MAC sees behind the ciphertext: with ESN the high word, which is never sent (RFC 4303 §2.2.1). */
export function integritySuffix(hasEsn: boolean, sequenceHigh: number): Uint8Array {
  const suffix = new Uint8Array(hasEsn ? 4 : 0);
  if (hasEsn) writeU32(suffix, 0, sequenceHigh);
  return suffix;
}

/** Salt ‖ IV for a counter mode (RFC 4106 §4), the IV alone for CBC. */
export function nonceOf(suite: PortableSuite, packet: Uint8Array): Uint8Array {
  const nonce = new Uint8Array(suite.salt.length + suite.ivBytes);
  nonce.set(suite.salt);
  nonce.set(packet.subarray(espHeaderBytes, espHeaderBytes + suite.ivBytes), suite.salt.length);
  return nonce;
}
