/**
 * The formats that a profile can be exported in, one row each: what the command line, its completion, the contract and
 * the screens know of them.
 * @module
 */
import { interfaceOptions } from '#core/profile/profile-check.ts';
import { initialOptions, type InterfaceOptions } from '#core/ipsecif/interface-options.ts';
import type { Profile } from '#core/profile/profile.ts';
import { exportFreebsd } from './freebsd.ts';
import { exportJson } from './json.ts';
import { exportLinux } from './linux.ts';
import { exportNetbsd } from './netbsd.ts';
import { exportNetworkd } from './networkd.ts';
import { exportQr } from './qr.ts';
import { exportSetkey } from './setkey.ts';
import { exportSwanctl } from './swanctl.ts';
import type { ExportedFile, Exporter, ExportSource } from './export-source.ts';

/** One format. */
export type ExportFormat = {
  /** For people. */
  readonly label: string;
  /** Whether it has a place for keys made by hand. */
  readonly carriesKeys: boolean;
  /** Whether names of hosts have to be looked up before. */
  readonly needsAddresses: boolean;
  /** Whether it has a place for the interface's options. */
  readonly carriesOptions: boolean;
  /** `parts`: all files together are the configuration; `pictures`: each file says the same in another way. */
  readonly files: 'parts' | 'pictures';
  readonly write: Exporter;
};

const text = { carriesKeys: true, needsAddresses: true, carriesOptions: false, files: 'parts' } as const;
const exact = { carriesKeys: true, needsAddresses: false, carriesOptions: true } as const;
const keyedByIke = { carriesKeys: false, needsAddresses: false, carriesOptions: false, files: 'parts' } as const;

/** Every format. */
export const exportFormats = {
  setkey: { label: 'setkey.conf, with ifconfig and route as comments', ...text, write: exportSetkey },
  netbsd: { label: 'files of /etc on NetBSD', ...text, write: exportNetbsd },
  freebsd: { label: 'files of /etc on FreeBSD', ...text, write: exportFreebsd },
  linux: { label: 'script for ip xfrm, with its undo', ...text, write: exportLinux },
  swanctl: { label: 'swanctl.conf of strongSwan; IKE makes the keys', ...keyedByIke, write: exportSwanctl },
  networkd: { label: 'XFRM interface for systemd-networkd', ...keyedByIke, write: exportNetworkd },
  json: { label: 'the profile itself', ...exact, files: 'parts', write: exportJson },
  qr: { label: 'QR code for a terminal, or SVG', ...exact, files: 'pictures', write: exportQr },
} as const satisfies Record<string, ExportFormat>;

/** Name of a format. */
export type ExportFormatName = keyof typeof exportFormats;

/** All names, for schemas and completions. */
export const exportFormatNames = Object.keys(exportFormats) as readonly ExportFormatName[] as readonly [
  ExportFormatName,
  ...ExportFormatName[],
];

/**
 * Write a profile in a format. Give `secrets` only where keys were asked for.
 * @throws {IpsecError} `EXPORT_UNSUPPORTED` for what the other system does not have.
 */
export function exportProfile(name: ExportFormatName, source: ExportSource): ExportedFile[] {
  const format: ExportFormat = exportFormats[name];
  return format.write({ ...source, notes: exportNotes(name, source) });
}

/** The source's notes, and what the format leaves out. */
export function exportNotes(name: ExportFormatName, { profile, notes }: ExportSource): string[] {
  const options = exportFormats[name].carriesOptions ? [] : changedOptions(profile);
  if (options.length === 0) return [...notes];
  return [...notes, `Options that this format has no place for: ${options.join(', ')}.`];
}

function changedOptions(profile: Profile): string[] {
  const options = interfaceOptions(profile);
  return (Object.keys(initialOptions) as (keyof InterfaceOptions)[]).filter(
    (option) => options[option] !== initialOptions[option],
  );
}
