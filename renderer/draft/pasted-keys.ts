/**
 * Keys that a person pastes: they live in the page's memory until they have been sent once, never in the draft, and
 * nothing shows them again. Here is how they are read and which lengths the registry wants.
 * @module
 */
import { encryptionRow, integrityRow } from '#core/crypto/algorithms.ts';
import type { ProfileSecrets } from '#core/profile/profile-secrets.ts';
import type { SuiteChoice } from './suite-choice.ts';

/** The keys of one direction. */
export type PastedKeys = { readonly encryption: string; readonly integrity: string };

/** Directions, in the order of the screen: pairs one after the other, out over in. */
export type PastedPair = { readonly out: PastedKeys; readonly in: PastedKeys };

/** Nothing pasted. */
export const noKeys: PastedPair = {
  out: { encryption: '', integrity: '' },
  in: { encryption: '', integrity: '' },
};

/** What is wrong with a pasted key: digits, or its length; null when nothing is. */
export type KeyFault = null | 'empty' | 'digits' | 'length';

/** Hexadecimal digits of a key, without `0x`, blanks and colons. */
export function keyDigits(text: string): string {
  return text.replace(/[\s:]/g, '').replace(/^0x/i, '').toLowerCase();
}

/** Digits that an encryption key may have, salt included; RFC 4106 §8.1 puts it behind the key. */
export function encryptionDigits({ encryption }: SuiteChoice): number[] {
  const { keyBits, saltBytes } = encryptionRow(encryption);
  return keyBits.map((bits) => bits / 4 + saltBytes * 2);
}

/** Digits that an integrity key has; empty for a suite that needs none. */
export function integrityDigits({ integrity }: SuiteChoice): number[] {
  return integrity === null ? [] : [integrityRow(integrity).keyBits / 4];
}

/** Judge one key. */
export function keyFault(text: string, digits: readonly number[]): KeyFault {
  if (digits.length === 0) return null;
  const key = keyDigits(text);
  if (key === '') return 'empty';
  if (!/^[0-9a-f]*$/.test(key)) return 'digits';
  return digits.includes(key.length) ? null : 'length';
}

/**
 * Encryption keys that stand there twice although the suite counts its IVs: both directions count from 1, and packets
 * sealed with one key and one IV give plaintext and key away (RFC 4106 §3.1).
 */
export function repeatedKeys(pairs: readonly PastedPair[], { encryption }: SuiteChoice): readonly string[] {
  if (!encryptionRow(encryption).hasCounterIv) return [];
  const keys = pairs.flatMap((pair) => [keyDigits(pair.out.encryption), keyDigits(pair.in.encryption)]);
  return keys.filter((key, index) => key !== '' && keys.indexOf(key) !== index);
}

/** Whether every key that the suite needs is there, has its length, and is another than the others where it must be. */
export function areComplete(pairs: readonly PastedPair[], suite: SuiteChoice): boolean {
  if (repeatedKeys(pairs, suite).length > 0) return false;
  return pairs.every((pair) =>
    [pair.out, pair.in].every(
      (keys) =>
        keyFault(keys.encryption, encryptionDigits(suite)) === null &&
        keyFault(keys.integrity, integrityDigits(suite)) === null,
    ),
  );
}

/** As the helper takes them. */
export function toSecrets(pairs: readonly PastedPair[], suite: SuiteChoice): ProfileSecrets {
  const one = ({ encryption, integrity }: PastedKeys): ProfileSecrets['pairs'][number]['out'] => ({
    encryption: keyDigits(encryption),
    integrity: suite.integrity === null ? null : keyDigits(integrity),
  });
  return { kind: 'manual', pairs: pairs.map((pair) => ({ out: one(pair.out), in: one(pair.in) })) };
}
