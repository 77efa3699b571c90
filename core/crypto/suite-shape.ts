/**
 * The lengths of a suite, from its registry rows: what ESP adds to a packet, and how it aligns the ciphertext.
 * @module
 */
import {
  encryptionRow,
  integrityRow,
  type EncryptionAlgorithmName,
  type IntegrityAlgorithmName,
} from './algorithms.ts';

/** Lengths of one suite, in bytes. */
export type SuiteShape = {
  readonly ivBytes: number;
  readonly icvBytes: number;
  /** Alignment of the ciphertext: max(4, cipher block) (RFC 4303 §2.4). */
  readonly blockBytes: number;
};

/** SPI and sequence number (RFC 4303 §2.1, §2.2). */
export const espHeaderBytes = 8;
/** Pad length and next header (RFC 4303 §2.5, §2.6). */
export const trailerBytes = 2;

/** The lengths of `encryption` with `integrity`; null for no separate integrity. */
export function suiteShape(encryption: EncryptionAlgorithmName, integrity: IntegrityAlgorithmName | null): SuiteShape {
  const row = encryptionRow(encryption);
  const separateIcvBytes = integrity === null ? 0 : integrityRow(integrity).icvBytes;
  return {
    ivBytes: row.ivBytes,
    icvBytes: row.icvBytes + separateIcvBytes,
    blockBytes: Math.max(4, row.blockBytes),
  };
}

/** Bytes of ciphertext for an inner packet: padded so that packet, padding and trailer fill whole blocks (RFC 4303 §2.4). */
export function ciphertextBytes(innerLength: number, blockBytes: number): number {
  return Math.ceil((innerLength + trailerBytes) / blockBytes) * blockBytes;
}
