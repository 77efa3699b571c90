/**
 * A profile as text, in each form that Culvert writes: the compact line of a QR code, what `culvert export --format json`
 * writes and `culvert profile create` takes, a file of the helper's state, and the profile alone.
 *
 * Keys that were left out are told as null, also where placeholders stand in their place. Messages repeat no value.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { compactPrefix, decodeCompactProfile, type CompactProfile } from '#core/profile/export/compact-profile.ts';
import { generateSecrets } from '#core/profile/manual-keys.ts';
import { checkProfile } from '#core/profile/profile-check.ts';
import { migrateProfile } from '#core/profile/profile-migration.ts';
import { profileVersion } from '#core/profile/profile.ts';
import { profileSecretsSchema, type ProfileSecrets } from '#core/profile/profile-secrets.ts';
import { parseProfile } from '#core/profile/stored-profile.ts';

/**
 * Read it.
 * @throws {IpsecError} `PROFILE_INVALID`, `PROFILE_NEWER`, and what `checkProfile` throws.
 */
export function readProfileText(text: string): CompactProfile {
  if (text.trimStart().startsWith(compactPrefix)) return decodeCompactProfile(text);
  const document = parseDocument(text);
  const raw = isRecord(document['profile']) ? document['profile'] : document;
  // What people write may leave the version out, as `culvert profile create` lets them.
  const profile = parseProfile(migrateProfile({ version: profileVersion, ...raw }));
  const secrets = raw === document ? null : readSecrets(document['secrets']);
  // Without keys the rest is checked with others of the right length.
  checkProfile(profile, secrets ?? generateSecrets(profile.keys, { fill: (out) => void out.fill(0) }));
  return { profile, secrets };
}

function parseDocument(text: string): Readonly<Record<string, unknown>> {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which may hold keys.
    throw new IpsecError('PROFILE_INVALID', 'the text is no JSON', { field: '' });
  }
  if (isRecord(document)) return document;
  throw new IpsecError('PROFILE_INVALID', 'the text is no profile', { field: '' });
}

function readSecrets(data: unknown): ProfileSecrets | null {
  if (data === undefined || data === null || data === 'generate' || data === 'keep' || holdsPlaceholder(data))
    return null;
  const parsed = profileSecretsSchema.safeParse(data);
  if (parsed.success) return parsed.data;
  const field = `secrets.${parsed.error.issues[0]?.path.join('.') ?? ''}`.replace(/\.$/, '');
  throw new IpsecError('PROFILE_INVALID', `${field}: it is no key`, { field });
}

/** `(256-bit key)`, as exports without keys have it (core/crypto/key-material.ts). */
function holdsPlaceholder(data: unknown): boolean {
  if (typeof data === 'string') return /^\([0-9]+-bit key\)$/.test(data);
  return typeof data === 'object' && data !== null && Object.values(data).some(holdsPlaceholder);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
