/**
 * Opening one ESP packet in place with a portable suite (RFC 4303 §3.4.4): lengths, ICV, and only then decryption.
 * @module
 */
import { additionalData, integritySuffix, nonceOf } from './portable-input.ts';
import { equalIcvs } from './portable-integrity.ts';
import type { PortableSuite } from './portable-suite.ts';
import { espHeaderBytes, trailerBytes } from './suite-shape.ts';
import { OpenError } from './transform.ts';

/**
 * Open `packet` (SPI to ICV): the plaintext takes the ciphertext's place, `espHeaderBytes + ivBytes` behind the start.
 * Returns the length of the plaintext, trailer included, or a negative `OpenError`.
 */
export function openPacket(suite: PortableSuite, packet: Uint8Array, hasEsn: boolean, sequenceHigh: number): number {
  const bodyAt = espHeaderBytes + suite.ivBytes;
  const bodyLength = packet.length - bodyAt - suite.icvBytes;
  if (bodyLength < trailerBytes) return OpenError.tooShort;
  if (bodyLength % suite.openBlockBytes !== 0) return OpenError.alignment;
  if (suite.mac !== null) {
    const bodyEnd = bodyAt + bodyLength;
    const mac = suite.mac.compute(packet.subarray(0, bodyEnd), integritySuffix(hasEsn, sequenceHigh));
    if (!equalIcvs(mac.subarray(0, suite.icvBytes), packet.subarray(bodyEnd))) return OpenError.authentication;
  }
  const aad = suite.isAead ? additionalData(packet, hasEsn, sequenceHigh) : noBytes;
  const bodyEnd = suite.isAead ? packet.length : bodyAt + bodyLength;
  const input = { key: suite.key, nonce: nonceOf(suite, packet), aad };
  const plaintext = suite.cipher.decrypt(input, packet.subarray(bodyAt, bodyEnd));
  if (plaintext === null) return OpenError.authentication;
  packet.set(plaintext, bodyAt);
  return plaintext.length;
}

const noBytes = new Uint8Array(0);
