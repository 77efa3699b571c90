/**
 * The suites that are tried with independent peers, made from the registry of algorithms: each encryption algorithm with
 * each of its key lengths, each integrity algorithm with AES-CBC. Keys are the same in every run: they protect pings
 * in a namespace.
 * @module
 */
import {
  encryptionAlgorithms,
  encryptionRow,
  integrityAlgorithms,
  integrityRow,
  type EncryptionAlgorithmName,
  type IntegrityAlgorithmName,
} from '#core/crypto/algorithms.ts';

/** One suite. Keys are hex without 0x; the cipher's has its salt behind it. */
export type InteropSuite = {
  /** For people: `aes-cbc-128 hmac-sha256`. */
  readonly name: string;
  readonly encryption: EncryptionAlgorithmName;
  readonly integrity: IntegrityAlgorithmName | null;
  readonly encryptionKey: string;
  readonly integrityKey: string;
  /** ICV on the wire. */
  readonly icvBytes: number;
  readonly isAead: boolean;
};

const usualIntegrity: IntegrityAlgorithmName = 'hmac-sha256';
const usualCipher: EncryptionAlgorithmName = 'aes-cbc';

/** All suites of the registry. */
export function listSuites(): readonly InteropSuite[] {
  const encryptions = Object.keys(encryptionAlgorithms) as EncryptionAlgorithmName[];
  const integrities = Object.keys(integrityAlgorithms) as IntegrityAlgorithmName[];
  const byEncryption = encryptions.flatMap((name) => {
    const { keyBits, kind } = encryptionRow(name);
    const lengths = keyBits.length === 0 ? [0] : keyBits;
    return lengths.map((bits) => makeSuite(name, bits, kind === 'aead' ? null : usualIntegrity));
  });
  const others = integrities.filter((name) => name !== usualIntegrity);
  return [...byEncryption, ...others.map((name) => makeSuite(usualCipher, 128, name))];
}

function makeSuite(
  encryption: EncryptionAlgorithmName,
  keyBits: number,
  integrity: IntegrityAlgorithmName | null,
): InteropSuite {
  const row = encryptionRow(encryption);
  const authentication = integrity === null ? null : integrityRow(integrity);
  return {
    name: [`${encryption}${row.keyBits.length > 1 ? `-${keyBits}` : ''}`, integrity].filter(Boolean).join(' '),
    encryption,
    integrity,
    encryptionKey: makeKey(keyBits === 0 ? 0 : keyBits / 8 + row.saltBytes, 0x11),
    integrityKey: makeKey((authentication?.keyBits ?? 0) / 8, 0x83),
    icvBytes: row.icvBytes + (authentication?.icvBytes ?? 0),
    isAead: row.kind === 'aead',
  };
}

/** setkey's words for a suite. */
export function suiteWords({ encryption, integrity, encryptionKey, integrityKey }: InteropSuite): string {
  const cipher = `-E ${encryption}${encryptionKey === '' ? '' : ` 0x${encryptionKey}`}`;
  return integrity === null ? cipher : `${cipher} -A ${integrity} 0x${integrityKey}`;
}

function makeKey(bytes: number, start: number): string {
  return Array.from({ length: bytes }, (_, index) => ((start + index * 29) & 0xff).toString(16).padStart(2, '0')).join(
    '',
  );
}
