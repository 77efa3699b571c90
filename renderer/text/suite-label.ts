/**
 * The name of a suite where space is short: the registry's labels without the lengths of what is cut off or added.
 * @module
 */
import {
  encryptionAlgorithms,
  findEncryptionAlgorithm,
  integrityAlgorithms,
  type IntegrityAlgorithmName,
} from '#core/crypto/algorithms.ts';

/** A suite; `bits` is of the whole cipher key, its salt included. */
export type NamedSuite = { readonly encryption: string; readonly integrity: string | null; readonly bits: number };

/** `AES-GCM 256`, `AES-CBC 256, HMAC-SHA2-256`; what the registry does not know keeps its name. */
export function suiteLabel({ encryption, integrity, bits }: NamedSuite): string {
  const name = findEncryptionAlgorithm(encryption);
  const known = name === null ? null : encryptionAlgorithms[name];
  const keyBits = bits - (known?.saltBytes ?? 0) * 8;
  const cipher = `${known?.label.split(',')[0] ?? encryption}${keyBits > 0 ? ` ${keyBits}` : ''}`;
  return integrity === null ? cipher : `${cipher}, ${integrityLabel(integrity)}`;
}

function integrityLabel(integrity: string): string {
  if (!Object.hasOwn(integrityAlgorithms, integrity)) return integrity;
  return integrityAlgorithms[integrity as IntegrityAlgorithmName].label.replace(/-\d+$/, '');
}
