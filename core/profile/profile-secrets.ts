/**
 * The secrets of a profile: the keys of its associations. They enter through `profile.create` and `profile.edit`, lie
 * in the helper's file, and leave only in an export that asks for them. What may be told of them is how long they are;
 * not a fingerprint, which would give a weak key away.
 * @module
 */
import { z } from 'zod';
import { fromHex } from '#core/base/bytes.ts';
import { KeyMaterial } from '#core/crypto/key-material.ts';

/** The registry's longest key is 512 bits; what is longer is refused by the registry, with words. */
const longestHex = 1024;

const hexKey = z
  .string()
  .max(longestHex + 2)
  .transform((text) => text.replace(/^0x/i, '').toLowerCase())
  .refine((text) => /^(?:[0-9a-f]{2})*$/.test(text), { message: 'a key is hexadecimal digits, two for each byte' });

/** Keys of one association; an AEAD has its salt behind its key, as in setkey's text. */
const associationKeysSchema = z.strictObject({ encryption: hexKey, integrity: hexKey.nullable().default(null) });

/** Keys of the associations of one `SpiPair`, as seen from this end. */
const pairKeysSchema = z.strictObject({ out: associationKeysSchema, in: associationKeysSchema });

/** Secrets, in the order of the profile's pairs. */
export const profileSecretsSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('manual'), pairs: z.array(pairKeysSchema).min(1).max(2) }),
]);

/** The secrets of a profile. */
export type ProfileSecrets = z.output<typeof profileSecretsSchema>;
/** Keys of one association as text. */
export type AssociationKeys = z.output<typeof associationKeysSchema>;

/** What anyone may know of the keys of one association: bits, salt included; 0 for none. */
export type KeyLengths = { readonly encryptionBits: number; readonly integrityBits: number };

/** What anyone may know of secrets. */
export type SecretsView = { readonly pairs: { readonly out: KeyLengths; readonly in: KeyLengths }[] };

/** Lengths and nothing else. */
export function viewSecrets(secrets: ProfileSecrets): SecretsView {
  return { pairs: secrets.pairs.map((pair) => ({ out: lengthsOf(pair.out), in: lengthsOf(pair.in) })) };
}

/** A key's bytes behind their lock. */
export function keyMaterial(hex: string): KeyMaterial {
  return new KeyMaterial(fromHex(hex) ?? new Uint8Array(0));
}

function lengthsOf({ encryption, integrity }: AssociationKeys): KeyLengths {
  return { encryptionBits: encryption.length * 4, integrityBits: (integrity?.length ?? 0) * 4 };
}
