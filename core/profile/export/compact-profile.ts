/**
 * A profile as one short line of text, for QR codes: `culvert1:` and JSON without blanks, without what is as the schema's
 * defaults have it, and with keys only where they were asked for: `keys` has for each pair the keys out and in, encryption
 * and integrity, in base64url (RFC 4648 §5), with a full stop between two.
 * @module
 */
import { fromBase64Url, toBase64Url } from '#core/base/base64url.ts';
import { fromHex, toHex } from '#core/base/bytes.ts';
import { IpsecError } from '#core/base/error.ts';
import { checkProfile } from '#core/profile/profile-check.ts';
import { migrateProfile, type RawDocument } from '#core/profile/profile-migration.ts';
import { profileSchema, type Profile } from '#core/profile/profile.ts';
import { generateSecrets } from '#core/profile/manual-keys.ts';
import type { AssociationKeys, ProfileSecrets } from '#core/profile/profile-secrets.ts';
import { parseProfile } from '#core/profile/stored-profile.ts';

/** How the text begins. The number is that of this form; the profile has a version of its own. */
export const compactPrefix = 'culvert1:';

/** What a text holds. */
export type CompactProfile = {
  readonly profile: Profile;
  /** Null where the keys were left out. */
  readonly secrets: ProfileSecrets | null;
};

/** Write a profile as text. */
export function encodeCompactProfile({ profile, secrets }: CompactProfile): string {
  const short = withoutDefaults(profile);
  const document = secrets === null ? { profile: short } : { profile: short, keys: keyText(secrets) };
  return `${compactPrefix}${JSON.stringify(document)}`;
}

/**
 * Read such a text; everything is checked as in a file. Messages repeat no value.
 * @throws {IpsecError} `PROFILE_INVALID`, `PROFILE_NEWER`, and what `checkProfile` throws.
 */
export function decodeCompactProfile(text: string): CompactProfile {
  const trimmed = text.trim();
  if (!trimmed.startsWith(compactPrefix)) throw invalid(`the text does not begin with "${compactPrefix}"`);
  const document = parseDocument(trimmed.slice(compactPrefix.length));
  const profile = parseProfile(migrateProfile(document.profile));
  const secrets = document.keys === undefined ? null : parseKeys(document.keys, profile.keys.pairs.length);
  // Without keys the rest is checked with others of the right length.
  checkProfile(profile, secrets ?? generateSecrets(profile.keys, { fill: (out) => void out.fill(0) }));
  return { profile, secrets };
}

function parseDocument(text: string): { readonly profile: RawDocument; readonly keys?: unknown } {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw invalid('the text is cut off, or no JSON');
  }
  if (!isRecord(document) || !isRecord(document['profile'])) throw invalid('there is no profile in it');
  const { profile, keys } = document;
  return { profile, ...(keys === undefined ? {} : { keys }) };
}

function keyText({ pairs }: ProfileSecrets): string {
  const ends = pairs.flatMap((pair) => [pair.out, pair.in]);
  return ends.flatMap(({ encryption, integrity }) => [base64Of(encryption), base64Of(integrity ?? '')]).join('.');
}

function base64Of(hex: string): string {
  return toBase64Url(fromHex(hex) ?? new Uint8Array(0));
}

function parseKeys(text: unknown, pairs: number): ProfileSecrets {
  const keys = (typeof text === 'string' ? text : '').split('.').map((word) => fromBase64Url(word));
  if (keys.length !== pairs * 4 || keys.includes(null)) throw invalid('keys: they are not those of its associations');
  const one = (at: number): AssociationKeys => {
    const integrity = toHex(keys[at + 1] ?? new Uint8Array(0));
    return { encryption: toHex(keys[at] ?? new Uint8Array(0)), integrity: integrity === '' ? null : integrity };
  };
  return {
    kind: 'manual',
    pairs: Array.from({ length: pairs }, (_, index) => ({ out: one(index * 4), in: one(index * 4 + 2) })),
  };
}

/** Every field whose removal changes nothing for the schema is removed, whole objects before what is in them. */
function withoutDefaults(profile: Profile): unknown {
  const full = JSON.stringify(profileSchema.parse(profile));
  const isSame = (candidate: unknown): boolean => {
    const parsed = profileSchema.safeParse(candidate);
    return parsed.success && JSON.stringify(parsed.data) === full;
  };
  // `isSameWith` answers for a part of the profile whether the whole stays the same with it.
  const shorten = (value: unknown, isSameWith: (part: unknown) => boolean): unknown => {
    if (Array.isArray(value)) {
      const items: unknown[] = [...value];
      items.forEach((item, index) => (items[index] = shorten(item, (part) => isSameWith(items.with(index, part)))));
      return items;
    }
    if (!isRecord(value)) return value;
    let short = value;
    for (const [field, inner] of Object.entries(value)) {
      const rest = Object.fromEntries(Object.entries(short).filter(([name]) => name !== field));
      if (isSameWith(rest)) short = rest;
      else short = { ...short, [field]: shorten(inner, (part) => isSameWith({ ...short, [field]: part })) };
    }
    return short;
  };
  // The version says how the rest is read, so it stays whatever the default is.
  const { version, ...rest } = profile;
  return { version, ...(shorten(rest, (part) => isRecord(part) && isSame({ ...part, version })) as object) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(message: string): IpsecError {
  return new IpsecError('PROFILE_INVALID', message, { field: '' });
}
