/**
 * From names and keys, as setkey gives them, to the numbers and key bytes that engines take (style rule 36).
 * The one place where an AEAD's key is split from its salt (RFC 4106 §8.1) and where key lengths are checked.
 *
 * Not here: whether a suite is good enough. Encryption without integrity resolves; the SAD decides about it.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import {
  encryptionRow,
  integrityRow,
  type EncryptionAlgorithm,
  type EncryptionAlgorithmName,
  type IntegrityAlgorithmName,
} from './algorithms.ts';
import type { KeyMaterial } from './key-material.ts';
import type { PaddingKind, TransformSpec } from './transform.ts';

/** What names a suite: the fields of that name of an association. */
export type SuiteInput = {
  readonly encryption: EncryptionAlgorithmName;
  /** Cipher key with the salt at its end where the row has one. */
  readonly encryptionKey: KeyMaterial;
  readonly integrity: IntegrityAlgorithmName | null;
  readonly integrityKey: KeyMaterial | null;
  readonly padding: PaddingKind;
};

/**
 * Check the keys and resolve. The spec's key bytes are copies: wipe them with `wipeSpec` once the engine has its own.
 * @throws {IpsecError} `KEY_LENGTH` with `field` and the accepted lengths, `ALGORITHM_INTEGRITY` for a second
 * integrity algorithm beside an AEAD. Neither holds key bytes.
 */
export function resolveSuite(input: SuiteInput): TransformSpec {
  checkSuiteKeys(input);
  const row = encryptionRow(input.encryption);
  const bytes = input.encryptionKey.reveal();
  const keyBytes = bytes.length - row.saltBytes;
  return {
    encryptionId: row.ikeTransformId,
    integrityId: input.integrity === null ? 0 : integrityRow(input.integrity).ikeTransformId,
    key: bytes.slice(0, keyBytes),
    salt: bytes.slice(keyBytes),
    integrityKey: input.integrityKey === null ? new Uint8Array(0) : input.integrityKey.reveal().slice(),
    padding: input.padding,
  };
}

/** The checks of `resolveSuite` alone: for refusing a command before anything changes. */
export function checkSuiteKeys(input: SuiteInput): void {
  const row = encryptionRow(input.encryption);
  if (row.kind === 'aead' && input.integrity !== null) {
    const message = `${input.encryption} authenticates by itself and takes no ${input.integrity}`;
    throw new IpsecError('ALGORITHM_INTEGRITY', message, { field: 'integrity' });
  }
  checkLength('encryptionKey', input.encryption, input.encryptionKey.length, acceptedEncryptionKeyBits(row));
  const accepted = input.integrity === null ? [0] : [integrityRow(input.integrity).keyBits];
  checkLength('integrityKey', input.integrity ?? 'no integrity algorithm', input.integrityKey?.length ?? 0, accepted);
}

/** Key lengths in bits that a key of setkey text may have, salt included; `[0]` for null. */
export function acceptedEncryptionKeyBits(row: EncryptionAlgorithm): readonly number[] {
  return row.keyBits.length === 0 ? [0] : row.keyBits.map((bits) => bits + row.saltBytes * 8);
}

/** Overwrite the key bytes of a spec. */
export function wipeSpec(spec: TransformSpec): void {
  spec.key.fill(0);
  spec.salt.fill(0);
  spec.integrityKey.fill(0);
}

function checkLength(field: string, owner: string, givenBytes: number, acceptedBits: readonly number[]): void {
  if (acceptedBits.includes(givenBytes * 8)) return;
  const wanted = acceptedBits.length === 1 && acceptedBits[0] === 0 ? 'no key' : `${orList(acceptedBits)} bits`;
  const message = `${owner} takes ${wanted}, not ${givenBytes * 8} bits`;
  throw new IpsecError('KEY_LENGTH', message, {
    field,
    givenBits: givenBytes * 8,
    acceptedBits: acceptedBits.join(', '),
  });
}

function orList(values: readonly number[]): string {
  if (values.length === 1) return String(values[0]);
  return `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
}
