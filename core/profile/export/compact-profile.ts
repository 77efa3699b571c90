/**
 * A profile as one short line of text, for QR codes: `culvert1:` and JSON without blanks, without what is as the schema's
 * defaults have it, and with keys only where they were asked for.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { checkProfile } from '#core/profile/profile-check.ts';
import { migrateProfile } from '#core/profile/profile-migration.ts';
import { profileSchema, type Profile } from '#core/profile/profile.ts';
import { generateSecrets } from '#core/profile/manual-keys.ts';
import { profileSecretsSchema, type ProfileSecrets } from '#core/profile/profile-secrets.ts';
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
  return `${compactPrefix}${JSON.stringify(secrets === null ? { profile: short } : { profile: short, secrets })}`;
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
  const secrets = document.secrets === undefined ? null : parseSecrets(document.secrets);
  // Without keys the rest is checked with others of the right length.
  checkProfile(profile, secrets ?? generateSecrets(profile.keys, { fill: (out) => void out.fill(0) }));
  return { profile, secrets };
}

function parseDocument(text: string): { profile: Record<string, unknown>; secrets?: unknown } {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw invalid('the text is cut off, or no JSON');
  }
  if (!isRecord(document) || !isRecord(document['profile'])) throw invalid('there is no profile in it');
  const { profile, secrets } = document;
  return { profile, ...(secrets === undefined ? {} : { secrets }) };
}

function parseSecrets(data: unknown): ProfileSecrets {
  const parsed = profileSecretsSchema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw invalid(`secrets.${parsed.error.issues[0]?.path.join('.') ?? ''}: it is no key`);
}

/** Every field whose removal changes nothing for the schema is removed, in the order of the fields. */
function withoutDefaults(profile: Profile): Readonly<Record<string, unknown>> {
  const full = JSON.stringify(profileSchema.parse(profile));
  let short: Record<string, unknown> = { ...profile };
  for (const field of Object.keys(profile)) {
    // The version says how the rest is read.
    if (field === 'version') continue;
    const rest = Object.fromEntries(Object.entries(short).filter(([name]) => name !== field));
    const parsed = profileSchema.safeParse(rest);
    if (parsed.success && JSON.stringify(parsed.data) === full) short = rest;
  }
  return short;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(message: string): IpsecError {
  return new IpsecError('PROFILE_INVALID', message, { field: '' });
}
