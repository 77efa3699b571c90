/**
 * A suite in the words of setkey, with the length of its cipher key.
 * @module
 */
import type { TFunction } from 'i18next';
import { encryptionRow, findEncryptionAlgorithm } from '#core/crypto/algorithms.ts';

/** `aes-gcm-16, 256 bit` or `aes-cbc, 256 bit, hmac-sha256`; `bits` is of the whole key, its salt included. */
export function suiteName(
  suite: { readonly encryption: string; readonly integrity: string | null; readonly bits: number },
  t: TFunction,
): string {
  const name = findEncryptionAlgorithm(suite.encryption);
  const saltBits = name === null ? 0 : encryptionRow(name).saltBytes * 8;
  const bits = Math.max(0, suite.bits - saltBits);
  const cipher = bits === 0 ? suite.encryption : t('tunnel.section.suiteBits', { suite: suite.encryption, bits });
  return suite.integrity === null ? cipher : `${cipher}, ${suite.integrity}`;
}
