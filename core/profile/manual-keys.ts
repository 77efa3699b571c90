/**
 * Makes keys by hand that no hand has to make: random keys of the registry's lengths, and random SPIs.
 *
 * The default suite is the one that forgives a restart of either end: a counter mode's IV must never repeat under one
 * key, which the other end may not promise (RFC 8221 §3).
 * @module
 */
import { toHex } from '#core/base/bytes.ts';
import type { Random } from '#core/base/port.ts';
import {
  encryptionRow,
  integrityRow,
  type EncryptionAlgorithmName,
  type IntegrityAlgorithmName,
} from '#core/crypto/algorithms.ts';
import { allocateSpi } from '#core/sad/spi.ts';
import type { ManualKeys, SpiPair } from './profile.ts';
import type { AssociationKeys, ProfileSecrets } from './profile-secrets.ts';

/** What a new profile uses when nobody says otherwise. */
export const recommendedSuite = { encryption: 'aes-cbc', integrity: 'hmac-sha256' } as const satisfies {
  encryption: EncryptionAlgorithmName;
  integrity: IntegrityAlgorithmName;
};

/** Random keys for a suite, in the order of its pairs; the longest that the registry has unless `keyBits` says otherwise. */
export function generateSecrets(
  keys: Pick<ManualKeys, 'encryption' | 'integrity' | 'pairs'>,
  random: Random,
  keyBits: number | null = null,
): ProfileSecrets {
  const one = (): AssociationKeys => ({
    encryption: randomHex(random, encryptionBits(keys.encryption, keyBits)),
    integrity: keys.integrity === null ? null : randomHex(random, integrityRow(keys.integrity).keyBits),
  });
  return { kind: 'manual', pairs: keys.pairs.map(() => ({ out: one(), in: one() })) };
}

/** Pairs with random SPIs that `isUsed` does not know: one under link0, else one for each inner family that is carried. */
export function generatePairs(
  flags: { readonly link0: boolean; readonly link2: boolean },
  random: Random,
  isUsed: (spi: number) => boolean,
): SpiPair[] {
  const drawn = new Set<number>();
  const draw = (): number => {
    const spi = allocateSpi(random, (candidate) => drawn.has(candidate) || isUsed(candidate));
    drawn.add(spi);
    return spi;
  };
  const families = flags.link0 ? (['any'] as const) : flags.link2 ? (['ipv4', 'ipv6'] as const) : (['ipv4'] as const);
  return families.map((carries) => ({ carries, spiOut: draw(), spiIn: draw() }));
}

/** Key with salt. A length that the registry lacks is refused with the profile's own check. */
function encryptionBits(name: EncryptionAlgorithmName, keyBits: number | null): number {
  const row = encryptionRow(name);
  const longest = row.keyBits.at(-1);
  return longest === undefined ? 0 : (keyBits ?? longest) + row.saltBytes * 8;
}

function randomHex(random: Random, bits: number): string {
  const bytes = new Uint8Array(Math.ceil(bits / 8));
  random.fill(bytes);
  const text = toHex(bytes);
  bytes.fill(0);
  return text;
}
