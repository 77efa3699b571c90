/**
 * Sources of exports for tests, and the files that exporters are held to: test/fixtures/export/CASE.FORMAT.txt. After a
 * change that is meant, write them anew with CULVERT_WRITE_GOLDEN=1 and read the difference.
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { exportProfile, type ExportFormatName } from '#core/profile/export/export-format.ts';
import type { ExportSource } from '#core/profile/export/export-source.ts';
import { joinFiles } from '#core/profile/export/joined-files.ts';
import { peerProfile, peerSecrets } from '#core/profile/peer-profile.ts';
import { literalPair } from '#core/profile/profile-check.ts';
import { viewSecrets } from '#core/profile/profile-secrets.ts';
import type { Profile } from '#core/profile/profile.ts';
import type { ProfileSecrets } from '#core/profile/profile-secrets.ts';
import { exampleInput, exampleProfile, exampleSecrets, natTraversalProfile } from './profiles.ts';

/** A profile with its keys, or without. */
export function sourceOf(profile: Profile, secrets: ProfileSecrets, withKeys: boolean): ExportSource {
  const outer = literalPair(profile);
  return { profile, outer, lengths: viewSecrets(secrets), secrets: withKeys ? secrets : null, notes: [] };
}

/** The example with routes of both families. */
export const routedProfile: Profile = exampleProfile({ routes: ['10.2.0.0/16', 'fd02::/64'], mtu: 1400 });

const timedKeys = {
  ...exampleInput.keys,
  ...{ replayBytes: 8, hasEsn: true },
  soft: { addSeconds: 3000, useSeconds: 0, bytes: 1_000_000, packets: 0 },
  hard: { addSeconds: 3600, useSeconds: 0, bytes: 2_000_000, packets: 5000 },
};

/** Case → what is exported. */
export const exportCases: Readonly<Record<'plain' | 'keys' | 'peer' | 'nat-t', () => ExportSource>> = {
  plain: () => sourceOf(routedProfile, exampleSecrets, false),
  keys: () => sourceOf(routedProfile, exampleSecrets, true),
  peer: () => sourceOf(peerProfile(routedProfile).profile, peerSecrets(exampleSecrets), true),
  'nat-t': () => {
    const pairs = [{ carries: 'any' as const, spiOut: 0x2001, spiIn: 0x2002 }];
    const { profile, secrets } = natTraversalProfile({
      local: { host: '2001:db8::1', port: 4501 },
      peer: { host: '2001:db8::2' },
      keys: { ...timedKeys, pairs },
    });
    return sourceOf(profile, secrets, true);
  },
};

/** Compare an export with its file. */
export function assertGolden(name: keyof typeof exportCases, format: ExportFormatName): void {
  const path = `test/fixtures/export/${name}.${format}.txt`;
  const text = joinFiles(exportProfile(format, exportCases[name]()));
  if (process.env['CULVERT_WRITE_GOLDEN'] === '1') writeFileSync(path, text);
  assert.equal(text, readFileSync(path, 'utf8'), path);
}

/** The text of the file whose name ends so. */
export function fileOf(format: ExportFormatName, source: ExportSource, ending = ''): string {
  const file = exportProfile(format, source).find(({ name }) => name.endsWith(ending));
  assert.ok(file !== undefined, `${format} writes no file that ends in "${ending}"`);
  return file.text;
}
