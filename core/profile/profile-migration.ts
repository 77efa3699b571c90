/**
 * From older versions of a stored profile to this one: a chain of steps, each from one version to the next. A step
 * looks at nothing but the document, which the schema checks afterwards.
 *
 * Version 1 was a draft: `autostart` (a boolean) is `startup` now, and what was outside and inside lay in one level.
 * Version 2 had no `failClosed`: its tunnels fail closed while they are up, as new ones do.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { profileVersion } from './profile.ts';

/** A stored document before the schema has seen it. */
export type RawDocument = Readonly<Record<string, unknown>>;

type Step = (profile: RawDocument) => RawDocument;

/** Version → the step to the next one. */
const steps: Readonly<Record<number, Step>> = {
  1: ({ autostart, localAddress, peerAddress, localPort, peerPort, ...rest }) => ({
    ...rest,
    startup: autostart === true ? 'up' : 'manual',
    local: { host: localAddress, port: localPort ?? 0 },
    peer: { host: peerAddress, port: peerPort ?? 0 },
  }),
  2: (profile) => ({ failClosed: 'while-up', ...profile }),
};

/**
 * The profile of a document in this version's form.
 * @throws {IpsecError} `PROFILE_NEWER` for a version that this Culvert does not know, `PROFILE_INVALID` for none.
 */
export function migrateProfile(profile: RawDocument): RawDocument {
  const version = profile['version'];
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) {
    throw new IpsecError('PROFILE_INVALID', 'version: it is missing or no number', { field: 'version' });
  }
  if (version > profileVersion) {
    const message = `the profile has version ${version}; this Culvert knows versions up to ${profileVersion}`;
    throw new IpsecError('PROFILE_NEWER', message, { version });
  }
  let migrated = profile;
  for (let at = version; at < profileVersion; at++) {
    migrated = { ...(steps[at]?.(migrated) ?? migrated), version: at + 1 };
  }
  return migrated;
}
