/**
 * The other end's configuration while there are no keys yet: written by the exporters themselves, with placeholders.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { exportFormats, exportProfile, type ExportFormatName } from '#core/profile/export/export-format.ts';
import type { ExportedFile } from '#core/profile/export/export-source.ts';
import { generateSecrets } from '#core/profile/manual-keys.ts';
import { peerProfile } from '#core/profile/peer-profile.ts';
import { literalPair } from '#core/profile/profile-check.ts';
import { viewSecrets } from '#core/profile/profile-secrets.ts';
import type { Profile } from '#core/profile/profile.ts';
import { asSentences } from '../text/sentence.ts';

/** Formats that are text to read; a QR code has a button of its own. */
export const textFormats = (Object.keys(exportFormats) as ExportFormatName[]).filter(
  (name) => exportFormats[name].files === 'parts',
);

/** Files, or why there are none. */
export type PeerFiles = { readonly files: readonly ExportedFile[]; readonly refusal: string };

/**
 * What the other end would be given. `ownHost` is how it reaches this end, `peerAddress` what its name was found to be
 * (null where nobody has looked).
 */
export function peerFiles(
  profile: Profile,
  ownHost: string,
  peerAddress: string | null,
  format: ExportFormatName,
): PeerFiles {
  try {
    const mirrored = peerProfile(profile, ownHost);
    const { local } = mirrored.profile;
    const looked =
      peerAddress === null ? mirrored.profile : { ...mirrored.profile, local: { ...local, host: peerAddress } };
    const zeros = generateSecrets(profile.keys, { fill: (out) => void out.fill(0) });
    const source = {
      profile: mirrored.profile,
      secrets: null,
      lengths: viewSecrets(zeros),
      outer: literalPair(looked),
      notes: mirrored.gaps,
    };
    return { files: exportProfile(format, source), refusal: '' };
  } catch (error) {
    if (error instanceof IpsecError) return { files: [], refusal: asSentences(error.message, error.hint) };
    throw error;
  }
}
