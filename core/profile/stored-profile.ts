/**
 * A profile with its secrets, as one file holds it: reading checks everything, whoever wrote it, and brings older
 * versions up to date. The text holds keys.
 * @module
 */
import { z } from 'zod';
import { IpsecError } from '#core/base/error.ts';
import { checkProfile } from './profile-check.ts';
import { migrateProfile } from './profile-migration.ts';
import { profileSchema, type Profile } from './profile.ts';
import { profileSecretsSchema, type ProfileSecrets } from './profile-secrets.ts';

/** What the helper keeps of a profile. */
export type StoredProfile = {
  readonly profile: Profile;
  readonly secrets: ProfileSecrets;
  /** Rises by one with each change: whoever edits says which one was read. */
  readonly revision: number;
};

const versionedSchema = z.looseObject({ profile: z.record(z.string(), z.unknown()) });
const envelopeSchema = versionedSchema.extend({ revision: z.number().int().min(1), secrets: z.unknown() }).strict();

/** Text of a file. */
export function emitStoredProfile({ revision, profile, secrets }: StoredProfile): string {
  return `${JSON.stringify({ revision, profile, secrets }, null, 2)}\n`;
}

/**
 * Read a file's text. Messages name fields, never values.
 * @throws {IpsecError} `PROFILE_INVALID`, `PROFILE_NEWER`, and what `checkProfile` throws.
 */
export function parseStoredProfile(text: string): StoredProfile {
  const document = parseJson(text);
  // The version first: a later one may have changed everything around it.
  const migrated = migrateProfile(parseWith(versionedSchema, document, '').profile);
  const { revision, secrets } = parseWith(envelopeSchema, document, '');
  const stored = {
    revision,
    profile: parseProfile(migrated),
    secrets: parseWith(profileSecretsSchema, secrets, 'secrets.'),
  };
  checkProfile(stored.profile, stored.secrets);
  return stored;
}

/** A profile from data of this version. @throws {IpsecError} `PROFILE_INVALID` naming the field. */
export function parseProfile(data: unknown): Profile {
  return parseWith(profileSchema, data, '');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which holds keys.
    throw new IpsecError('PROFILE_INVALID', 'the text is no JSON', { field: '' });
  }
}

function parseWith<T>(schema: z.ZodType<T>, data: unknown, prefix: string): T {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = `${prefix}${issue?.path.join('.') ?? ''}`.replace(/\.$/, '');
  throw new IpsecError('PROFILE_INVALID', `${field === '' ? 'profile' : field}: ${issue?.message ?? 'invalid'}`, {
    field,
  });
}
