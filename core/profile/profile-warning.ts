/**
 * What deserves a warning in a profile although it is carried out: what setkey warns of in the associations that it stands
 * for (core/setkey/statement-warning.ts). Pure, so that a form can show it before anything is saved.
 * @module
 */
import { parseIpAddress } from '#core/ip/address.ts';
import { statementWarnings, type StatementWarning } from '#core/setkey/statement-warning.ts';
import { profileToStatements } from './commands.ts';
import { generateSecrets } from './manual-keys.ts';
import type { Profile } from './profile.ts';

/** One warning; no key is in it. */
export type ProfileWarning = Pick<StatementWarning, 'code' | 'message' | 'hint'>;

/** Every warning that a profile deserves, each kind once. */
export function profileWarnings(profile: Profile): ProfileWarning[] {
  const outer = { local: parseIpAddress('192.0.2.1'), peer: parseIpAddress('198.51.100.1'), localPort: 0, peerPort: 0 };
  // Warnings are of algorithms and options; the keys only have to have their lengths.
  const stand = generateSecrets(profile.keys, { fill: (out) => void out.fill(0) });
  const warnings = new Map<string, ProfileWarning>();
  for (const { code, message, hint } of statementWarnings(profileToStatements(profile, stand, outer))) {
    if (!warnings.has(code)) warnings.set(code, { code, message, hint });
  }
  return [...warnings.values()];
}
