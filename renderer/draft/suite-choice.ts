/**
 * The suites that a new tunnel may have: every pair of the registry that nothing speaks against, the recommended one
 * first. Nothing here names an algorithm; labels, lengths and verdicts are the registry's.
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
import { recommendedSuite } from '#core/profile/manual-keys.ts';

/** One suite to choose. */
export type SuiteChoice = {
  /** `aes-cbc/hmac-sha256`; an algorithm that authenticates by itself stands alone. */
  readonly id: string;
  readonly encryption: EncryptionAlgorithmName;
  readonly integrity: IntegrityAlgorithmName | null;
  readonly label: string;
  readonly isRecommended: boolean;
  /** Whether its counter must never repeat under one key: then both ends have to keep it over a restart (RFC 8221 §3). */
  readonly hasCounter: boolean;
  /** Whether it stands in the short list: what every implementation must have, or should (RFC 8221 §5, §6). */
  readonly isCommon: boolean;
};

/** All of them. */
export const suiteChoices: readonly SuiteChoice[] = listChoices();

/** The recommended one. */
export const recommendedChoice = suiteId(recommendedSuite.encryption, recommendedSuite.integrity);

/** The choice named `id`; the recommended one where there is none of that name. */
export function findSuite(id: string): SuiteChoice {
  const found = suiteChoices.find((choice) => choice.id === id) ?? suiteChoices[0];
  if (found === undefined) throw new Error('the registry has no suite');
  return found;
}

/** Name of a suite. */
export function suiteId(encryption: EncryptionAlgorithmName, integrity: IntegrityAlgorithmName | null): string {
  return integrity === null ? encryption : `${encryption}/${integrity}`;
}

function listChoices(): SuiteChoice[] {
  const all = namesOf(encryptionAlgorithms).flatMap((encryption) => {
    const { kind, weakness, hidesNothing } = encryptionRow(encryption);
    if (hidesNothing || weakness !== undefined) return [];
    const partners = kind === 'aead' ? [null] : namesOf(integrityAlgorithms).filter(isSound);
    return partners.map((integrity) => choiceOf(encryption, integrity));
  });
  return all.sort((left, right) => rank(left) - rank(right));
}

function choiceOf(encryption: EncryptionAlgorithmName, integrity: IntegrityAlgorithmName | null): SuiteChoice {
  const row = encryptionRow(encryption);
  // "AES-GCM 256, 16-byte ICV": the length belongs to the name, before what else the label says.
  const [head, ...rest] = row.label.split(', ');
  const name = [`${head} ${row.keyBits.at(-1) ?? ''}`.trim(), ...rest].join(', ');
  const isMust = row.status === 'MUST' || row.status === 'SHOULD';
  return {
    ...{ id: suiteId(encryption, integrity), encryption, integrity },
    label: integrity === null ? name : `${name} with ${integrityRow(integrity).label}`,
    isRecommended: encryption === recommendedSuite.encryption && integrity === recommendedSuite.integrity,
    hasCounter: row.hasCounterIv,
    isCommon: isMust && (integrity === null || integrity === recommendedSuite.integrity),
  };
}

function rank({ isRecommended, isCommon }: SuiteChoice): number {
  return isRecommended ? 0 : isCommon ? 1 : 2;
}

function isSound(name: IntegrityAlgorithmName): boolean {
  const { weakness, keyBits } = integrityRow(name);
  return weakness === undefined && keyBits > 0;
}

function namesOf<Name extends string>(table: Readonly<Record<Name, unknown>>): Name[] {
  return Object.keys(table) as Name[];
}
