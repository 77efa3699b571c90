/**
 * Keys that are reused, or that can be guessed. Keys are compared and judged, and never shown: findings name associations.
 * @module
 */
import { formatSpi } from '#core/base/spi-text.ts';
import { toHex } from '#core/base/bytes.ts';
import { encryptionRow } from '#core/crypto/algorithms.ts';
import type { KeyMaterial } from '#core/crypto/key-material.ts';
import { finding, type Finding, type Place } from './finding.ts';
import type { LintAssociation, LintInput } from './lint-input.ts';

type Use = {
  readonly place: Place;
  readonly key: KeyMaterial;
  readonly hasCounterIv: boolean;
  /** `encryption key of 0x00001000 to 192.0.2.2`. */
  readonly label: string;
};

/** Find them. */
export function keyRule({ associations }: LintInput): Finding[] {
  const uses = associations.filter(({ hasKeys }) => hasKeys).flatMap(usesOf);
  return [...reused(uses), ...uses.flatMap(guessable)];
}

function usesOf({ place, spec }: LintAssociation): Use[] {
  const { encryption, encryptionKey, integrityKey, spi, destination } = spec;
  const of = `of SPI ${formatSpi(spi)} to ${destination}`;
  const { hasCounterIv } = encryptionRow(encryption);
  const uses: Use[] = [];
  if (encryptionKey.length > 0) uses.push({ place, key: encryptionKey, hasCounterIv, label: `encryption key ${of}` });
  if (integrityKey !== null && integrityKey.length > 0)
    uses.push({ place, key: integrityKey, hasCounterIv: false, label: `integrity key ${of}` });
  return uses;
}

/** At each use but the first. */
function reused(uses: readonly Use[]): Finding[] {
  const first = new Map<string, Use>();
  return uses.flatMap((use): Finding[] => {
    const bytes = toHex(use.key.reveal());
    const other = first.get(bytes);
    if (other === undefined) {
      first.set(bytes, use);
      return [];
    }
    const code = use.hasCounterIv && other.hasCounterIv ? 'KEY_REUSED_COUNTER' : 'KEY_REUSED';
    return [finding(code, use.place, `the ${use.label} is also the ${other.label}`)];
  });
}

function guessable({ place, key, label }: Use): Finding[] {
  const why = weaknessOf(key.reveal());
  return why === null ? [] : [finding('KEY_LOW_ENTROPY', place, `the ${label} ${why}`)];
}

/** Why a key is no random number; null for one that may be. A random key fails these once in far more than a million. */
export function weaknessOf(bytes: Uint8Array): string | null {
  if (bytes.length === 0) return null;
  const [head] = bytes;
  if (bytes.every((byte) => byte === head)) return 'is one byte repeated';
  if (bytes.length >= 12 && bytes.every((byte) => byte >= 0x20 && byte < 0x7f)) return 'is text';
  if (hasPeriod(bytes)) return 'repeats itself';
  if (isProgression(bytes)) return 'counts up or down';
  if (bytes.length >= 16 && new Set(bytes).size <= bytes.length / 3) return 'has few different bytes';
  return null;
}

function hasPeriod(bytes: Uint8Array): boolean {
  for (let period = 2; period <= bytes.length / 2; period++) {
    if (bytes.every((byte, index) => index < period || byte === bytes[index - period])) return true;
  }
  return false;
}

/** 00 11 22 33 …, 01 23 45 67 …, ff fe fd …: nearly all steps are alike. */
function isProgression(bytes: Uint8Array): boolean {
  if (bytes.length < 8) return false;
  const counts = new Map<number, number>();
  for (let index = 1; index < bytes.length; index++) {
    const step = (bytes[index]! - bytes[index - 1]!) & 0xff;
    counts.set(step, (counts.get(step) ?? 0) + 1);
  }
  return Math.max(...counts.values()) >= (bytes.length - 1) * 0.7;
}
