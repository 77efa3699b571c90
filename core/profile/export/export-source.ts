/**
 * What an exporter is given and what it gives. Exporters are pure: the same source gives the same files.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { toHex } from '#core/base/bytes.ts';
import { encryptionSpellings, integritySpellings, type AlgorithmSpelling } from '#core/crypto/algorithm-spellings.ts';
import type { AddressFamily } from '#core/ip/address.ts';
import { addressFamily, addressZone } from '#core/ip/address.ts';
import { parseInterfaceUnit } from '#core/ipsecif/interface.ts';
import type { OuterPair } from '#core/ipsecif/outer-pair.ts';
import { innerAddresses } from '#core/profile/profile-check.ts';
import type { Profile } from '#core/profile/profile.ts';
import type { AssociationKeys, KeyLengths, ProfileSecrets, SecretsView } from '#core/profile/profile-secrets.ts';
import { headerLine } from './header-line.ts';

/** What is exported: the end that the files are for. */
export type ExportSource = {
  readonly profile: Profile;
  /** Null: keys are left out, and placeholders of `lengths` stand for them. */
  readonly secrets: ProfileSecrets | null;
  readonly lengths: SecretsView;
  /** Outer addresses, for formats that take no names; null where nobody has looked them up. */
  readonly outer: OuterPair | null;
  /** What the reader has to know or to add, a sentence each; no line breaks. */
  readonly notes: readonly string[];
};

/** One file. */
export type ExportedFile = {
  /** Where it belongs, relative to the root of that system, or a name to choose freely. */
  readonly name: string;
  readonly text: string;
  readonly holdsKeys: boolean;
};

/** From a source to files. @throws {IpsecError} `EXPORT_UNSUPPORTED` for what the other system does not have. */
export type Exporter = (source: ExportSource) => ExportedFile[];

/** The keys, or zeros of the same lengths: those are never printed, but statements made of them can be. */
export function keysOrZeros({ secrets, lengths }: ExportSource): ProfileSecrets {
  const zeros = ({ encryptionBits, integrityBits }: KeyLengths): AssociationKeys => ({
    encryption: toHex(new Uint8Array(encryptionBits / 8)),
    integrity: integrityBits === 0 ? null : toHex(new Uint8Array(integrityBits / 8)),
  });
  if (secrets !== null) return secrets;
  return { kind: 'manual', pairs: lengths.pairs.map((pair) => ({ out: zeros(pair.out), in: zeros(pair.in) })) };
}

/** The outer pair of a format that needs addresses. @throws {IpsecError} `EXPORT_UNSUPPORTED` for none, or with a zone. */
export function requireOuter({ outer }: ExportSource, system: string): OuterPair {
  if (outer === null) throw unsupported('local.host', `${system} takes no names, and nobody has looked them up`);
  if (addressZone(outer.local) !== null || addressZone(outer.peer) !== null) {
    throw unsupported('local.host', `${system} takes no outer addresses of one link (with %zone)`);
  }
  return outer;
}

/** The suite as another system spells it. @throws {IpsecError} `EXPORT_UNSUPPORTED` where it lacks one of the two. */
export function spellSuite(
  { keys }: Profile,
  system: keyof AlgorithmSpelling,
  label: string,
): { readonly encryption: string; readonly integrity: string | null } {
  const encryption = encryptionSpellings[keys.encryption][system];
  if (encryption === null) throw unsupported('keys.encryption', `${label} does not have ${keys.encryption}`);
  const integrity = keys.integrity === null ? null : integritySpellings[keys.integrity][system];
  if (keys.integrity !== null && integrity === null) {
    throw unsupported('keys.integrity', `${label} does not have ${keys.integrity}`);
  }
  return { encryption, integrity };
}

/** A refusal. */
export function unsupported(field: string, message: string): IpsecError {
  return new IpsecError('EXPORT_UNSUPPORTED', message, { field });
}

/** What a file has of the keys: all of them, placeholders, or no place for them. */
export type KeyPresence = 'held' | 'left out' | 'none';

/** Of a file that has a place for keys. */
export function keyPresence({ secrets }: ExportSource): KeyPresence {
  return secrets === null ? 'left out' : 'held';
}

const keyLines: Readonly<Record<KeyPresence, readonly string[]>> = {
  held: ['It holds keys: keep it to yourself.'],
  'left out': ['Keys are left out: put each in the place of its (…-bit key).'],
  none: [],
};

/** Comment lines that begin a file: whose it is, what it has of keys, and the notes. */
export function headerLines({ profile, notes }: ExportSource, about: string, keys: KeyPresence): string[] {
  return [headerLine(profile.name, about), ...keyLines[keys], ...notes].map((line) => `# ${line}`);
}

/** The profile's name as part of a file's or a section's name, in characters that every system takes. */
export function stemOf({ name, interface: fallback }: Profile): string {
  const stem = name.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+|-+$/g, '');
  return stem === '' ? fallback : stem;
}

/** Inner families that associations carry. */
export function carriedFamilies({ keys, flags }: Profile): AddressFamily[] {
  const carries = (word: 'ipv4' | 'ipv6'): boolean =>
    keys.pairs.some((pair) => pair.carries === word || pair.carries === 'any');
  return [...(carries('ipv4') ? [4 as const] : []), ...(carries('ipv6') && flags.link2 ? [6 as const] : [])];
}

/** Inner address of this end for a family, as source or gateway of routes; null for none. */
export function innerAddressOf(
  profile: Profile,
  family: AddressFamily,
): ReturnType<typeof innerAddresses>[number] | null {
  return innerAddresses(profile).find(({ address }) => addressFamily(address) === family) ?? null;
}

/** XFRM interface id of the profile on Linux: the unit and one, because 0 is none. All formats for Linux agree on it. */
export function xfrmInterfaceId(profile: Profile): number {
  return parseInterfaceUnit(profile.interface) + 1;
}

/** Lines as a file's text. */
export function toText(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
