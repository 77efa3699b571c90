/**
 * One association's keys inside the portable engine: a cipher, perhaps a MAC, and the lengths of the registry's rows.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import {
  encryptionAlgorithms,
  integrityAlgorithms,
  type EncryptionAlgorithm,
  type IntegrityAlgorithm,
} from './algorithms.ts';
import { portableCiphers, type PortableCipher } from './portable-cipher.ts';
import { portableIntegrity, type KeyedMac } from './portable-integrity.ts';
import type { PaddingKind, TransformSpec } from './transform.ts';

/** A suite with its keys. */
export type PortableSuite = {
  readonly cipher: PortableCipher;
  readonly mac: KeyedMac | null;
  readonly key: Uint8Array;
  readonly salt: Uint8Array;
  readonly padding: PaddingKind;
  readonly isAead: boolean;
  readonly hasCounterIv: boolean;
  readonly ivBytes: number;
  /** ICV of the packet, whoever computes it. */
  readonly icvBytes: number;
  /** What sealing aligns to: max(4, cipher block). */
  readonly blockBytes: number;
  /** What opening insists on: the cipher's own block; streams and null have none (RFC 4303 §2.4 binds the sender). */
  readonly openBlockBytes: number;
};

/**
 * Copy the keys of `spec`.
 * @throws {IpsecError} `ALGORITHM_UNKNOWN`, `KEY_LENGTH`; never with key bytes.
 */
export function createPortableSuite(spec: TransformSpec): PortableSuite {
  const row = rowById<EncryptionAlgorithm>(encryptionAlgorithms, spec.encryptionId);
  const cipher = portableCiphers.get(spec.encryptionId);
  if (row === undefined || cipher === undefined) throw unknownAlgorithm('encryption', spec.encryptionId);
  checkBits('key', spec.key, row.keyBits.length === 0 ? [0] : row.keyBits);
  checkBits('salt', spec.salt, [row.saltBytes * 8]);
  const integrity = createMac(spec, row);
  return {
    cipher,
    mac: integrity.mac,
    key: spec.key.slice(),
    salt: spec.salt.slice(),
    padding: spec.padding,
    isAead: row.kind === 'aead',
    hasCounterIv: row.hasCounterIv,
    ivBytes: row.ivBytes,
    icvBytes: row.icvBytes + integrity.icvBytes,
    blockBytes: Math.max(4, row.blockBytes),
    openBlockBytes: row.kind === 'cipher' ? row.blockBytes : 1,
  };
}

/** Overwrite the keys. */
export function wipePortableSuite(suite: PortableSuite): void {
  suite.key.fill(0);
  suite.salt.fill(0);
  suite.mac?.wipe();
}

function createMac(spec: TransformSpec, encryption: EncryptionAlgorithm): { mac: KeyedMac | null; icvBytes: number } {
  if (spec.integrityId === 0) {
    checkBits('integrityKey', spec.integrityKey, [0]);
    return { mac: null, icvBytes: 0 };
  }
  const row = rowById<IntegrityAlgorithm>(integrityAlgorithms, spec.integrityId);
  const begin = portableIntegrity.get(spec.integrityId);
  if (row === undefined || begin === undefined || encryption.kind === 'aead') {
    throw unknownAlgorithm('integrity', spec.integrityId);
  }
  checkBits('integrityKey', spec.integrityKey, [row.keyBits]);
  return { mac: begin(spec.integrityKey), icvBytes: row.icvBytes };
}

function rowById<Row extends { readonly ikeTransformId: number }>(
  table: Readonly<Record<string, Row>>,
  id: number,
): Row | undefined {
  return Object.values(table).find((row) => row.ikeTransformId === id);
}

function unknownAlgorithm(field: 'encryption' | 'integrity', id: number): IpsecError {
  return new IpsecError('ALGORITHM_UNKNOWN', `${field} transform ${id} does not run in this engine`, { field, id });
}

function checkBits(field: string, bytes: Uint8Array, accepted: readonly number[]): void {
  if (accepted.includes(bytes.length * 8)) return;
  const message = `${field} has ${bytes.length * 8} bits, not ${accepted.join(' or ')}`;
  throw new IpsecError('KEY_LENGTH', message, { field, acceptedBits: accepted.join(', ') });
}
