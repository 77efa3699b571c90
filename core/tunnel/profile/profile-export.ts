/**
 * Exports a saved profile, or its mirror for the other end: names are looked up where the format takes none, keys go
 * along only where they are asked for and the format has a place for them. The rest is pure (core/profile/export/).
 * @module
 */
import type { OuterPair } from '#core/ipsecif/outer-pair.ts';
import { autoAddress, parseEndpointHost } from '#core/profile/endpoint.ts';
import {
  exportFormats,
  exportNotes,
  exportProfile,
  type ExportFormatName,
} from '#core/profile/export/export-format.ts';
import type { ExportedFile, ExportSource } from '#core/profile/export/export-source.ts';
import { peerProfile, peerSecrets } from '#core/profile/peer-profile.ts';
import { literalPair } from '#core/profile/profile-check.ts';
import { viewSecrets } from '#core/profile/profile-secrets.ts';
import type { StoredProfile } from '#core/profile/stored-profile.ts';
import type { NameResolver } from './profile-ports.ts';
import { resolveEndpoints } from './resolve-endpoints.ts';

/** What is asked for. */
export type ExportRequest = {
  readonly format: ExportFormatName;
  /** Whether it is for the other end: addresses, SPIs and directions swapped. */
  readonly isPeer: boolean;
  /** Keys are left out otherwise. */
  readonly withKeys: boolean;
  /** How the other end reaches this one, where that is not what the profile says: behind a NAT box. */
  readonly ownHost?: string | null;
};

/** What came of it. */
export type ProfileExport = {
  readonly files: readonly ExportedFile[];
  /** What the reader has to know or to add, a sentence each; formats with comments have them in the files as well. */
  readonly notes: readonly string[];
};

/** Export. @throws {IpsecError} `PROFILE_UNRESOLVED`, and what `exportProfile` throws. */
export async function exportStored(
  { profile, secrets }: StoredProfile,
  { format, isPeer, withKeys, ownHost = null }: ExportRequest,
  resolver: NameResolver,
): Promise<ProfileExport> {
  const { needsAddresses, carriesKeys } = exportFormats[format];
  const isAuto = profile.local.host === autoAddress;
  const literal = literalPair(profile);
  // The mirror of `auto` has to name an address, whatever the format.
  const isResolved = literal === null && (needsAddresses || (isPeer && isAuto && ownHost === null));
  const outer = isResolved ? await resolveEndpoints(profile, resolver) : literal;
  const notes = isResolved && outer !== null ? [resolvedNote(outer, isPeer && isAuto && ownHost === null)] : [];
  const givesKeys = withKeys && carriesKeys;
  const own = { profile, outer, secrets: givesKeys ? secrets : null, lengths: viewSecrets(secrets), notes };
  const source: ExportSource = isPeer ? mirror(own, ownHost) : own;
  return { files: exportProfile(format, source), notes: exportNotes(format, source) };
}

function mirror({ profile, outer, secrets, lengths, notes }: ExportSource, ownHost: string | null): ExportSource {
  const told = profile.local.host === autoAddress ? outer?.local : profile.local.host;
  const { profile: mirrored, gaps } = peerProfile(profile, ownHost ?? told);
  return {
    profile: mirrored,
    outer: mirrorOuter(outer, ownHost),
    secrets: secrets === null ? null : peerSecrets(secrets),
    lengths: { pairs: lengths.pairs.map((pair) => ({ out: pair.in, in: pair.out })) },
    notes: [...notes, ...gaps],
  };
}

/** The other end's pair; a name for this end is none, and formats that take no names say so. */
function mirrorOuter(outer: OuterPair | null, ownHost: string | null): OuterPair | null {
  if (outer === null) return null;
  const own = ownHost === null ? null : parseEndpointHost(ownHost, 'ownHost');
  if (own !== null && own.kind !== 'address') return null;
  return {
    local: outer.peer,
    peer: own === null ? outer.local : own.address,
    localPort: outer.peerPort,
    peerPort: outer.localPort,
  };
}

function resolvedNote({ local, peer }: OuterPair, isMirrorOfAuto: boolean): string {
  const nat = isMirrorOfAuto ? `; behind a NAT box, put its public address in the place of ${local}` : '';
  return `Addresses were looked up for this export: ${local} and ${peer}${nat}.`;
}
