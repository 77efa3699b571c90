/**
 * Files of any system to profiles: what each is made of is told by its kind (text-kind.ts), files of one machine are read
 * together, and what a profile has no place for is listed. Never throws for what a text holds.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import type { Random } from '#core/base/port.ts';
import { nameInHeader } from '#core/profile/export/header-line.ts';
import { assemble, type ImportedProfile } from './assemble.ts';
import { BsdInterfaces } from './bsd-interfaces.ts';
import { foreignText } from './foreign-text.ts';
import { noFindings, type Findings, type Unmapped } from './imported.ts';
import { importFormats, type ImportFormat } from './import-format.ts';
import { tellSome, withinLimit } from './import-limit.ts';
import { tellSettings } from './machine-setting.ts';
import { readProfileText } from './profile-text.ts';
import { readRcConf } from './read-rc-conf.ts';
import { readSetkeyText } from './read-setkey-text.ts';
import { readSwanctl } from './read-swanctl.ts';
import { readXfrm } from './read-xfrm.ts';
import { interfaceOfFile, separateFiles, textKindOf, type NamedText, type TextKind } from './text-kind.ts';

/** What came of files. */
export type ImportResult = {
  readonly profiles: readonly ImportedProfile[];
  readonly unmapped: readonly Unmapped[];
};

/** Import files together. `format` is null where each file says by itself what it is. */
export function importFiles(files: readonly NamedText[], format: ImportFormat | null, random: Random): ImportResult {
  const { read, refused } = withinLimit(files);
  const parts = separateFiles(read);
  const findings = noFindings();
  findings.unmapped.push(...refused);
  const interfaces = new BsdInterfaces(findings);
  const names = new Map(parts.map((part) => [part.name, titleOf(part.text)]));
  const common = [...names.values()].find((name) => name !== null) ?? null;
  const direct = parts.flatMap((part) => readPart(part, kindOf(part, format), { findings, interfaces, random, names }));
  findings.tunnels.push(...interfaces.tunnels((file) => names.get(file) ?? common));
  const profiles = uniqueNames([...direct, ...assemble(findings, random)]);
  for (const { spec } of findings.associations) {
    spec.encryptionKey.wipe();
    spec.integrityKey?.wipe();
  }
  return { profiles, unmapped: tellSome(findings.unmapped) };
}

type Around = {
  readonly findings: Findings;
  readonly interfaces: BsdInterfaces;
  readonly random: Random;
  readonly names: ReadonlyMap<string, string | null>;
};

function kindOf(part: NamedText, format: ImportFormat | null): TextKind {
  const found = textKindOf(part);
  const kinds: readonly TextKind[] | null = format === null ? null : importFormats[format];
  return kinds === null || kinds.includes(found) ? found : (kinds[0] ?? found);
}

function readPart(part: NamedText, kind: TextKind, { findings, interfaces, random, names }: Around): ImportedProfile[] {
  const { name: file, text } = part;
  switch (kind) {
    case 'json':
    case 'compact':
      return readProfile(part, findings);
    case 'setkey':
      readSetkeyText(part, interfaces, findings);
      tellSettings(part, 'comments', findings.unmapped);
      return [];
    case 'ifconfig':
      for (const [index, line] of text.split('\n').entries()) {
        interfaces.ifconfig({ file, line: index + 1, owner: interfaceOfFile(file), text: line });
      }
      return [];
    case 'rc.conf':
      readRcConf(part, interfaces, findings);
      return [];
    case 'route.conf':
      // NetBSD's rc.d/staticroute puts `route add -` before each line.
      for (const [index, line] of text.split('\n').entries()) {
        const words = line.replace(/#.*$/, '').trim();
        if (words !== '') interfaces.command({ file, line: index + 1, owner: null, text: `route add -${words}` });
      }
      return [];
    case 'xfrm':
      readXfrm(part, names.get(file) ?? null, findings);
      tellSettings(part, 'commands', findings.unmapped);
      return [];
    case 'swanctl':
      return readSwanctl(part, findings, random);
    case 'sysctl':
      tellSettings(part, 'lines', findings.unmapped);
      return [];
    case 'foreign':
      findings.unmapped.push({ file, line: 0, text: '', why: foreignText(text) ?? '' });
      return [];
  }
}

function readProfile({ name: file, text }: NamedText, { unmapped }: Findings): ImportedProfile[] {
  try {
    const { profile, secrets } = readProfileText(text);
    if (secrets === null) {
      const why = 'the keys are not in this file: new ones are made, and the other end needs them, too';
      unmapped.push({ file, line: 0, text: profile.name, why });
    }
    return [{ profile, secrets }];
  } catch (error) {
    if (!(error instanceof IpsecError)) throw error;
    unmapped.push({ file, line: 0, text: '', why: error.message });
    return [];
  }
}

/** The name that every export of ours begins with. */
function titleOf(text: string): string | null {
  const lines = text.split('\n', 3);
  const line = lines[0]?.startsWith('#!') === true ? lines[1] : lines[0];
  return nameInHeader(line ?? '');
}

/** Several tunnels of one file have one title: all but the first get their interface behind it. */
function uniqueNames(profiles: readonly ImportedProfile[]): ImportedProfile[] {
  const seen = new Set<string>();
  return profiles.map((each) => {
    const { profile } = each;
    let name = profile.name;
    for (let turn = 1; seen.has(name); turn++) {
      name = turn === 1 ? `${profile.name.slice(0, 45)} ${profile.interface}` : `${profile.name.slice(0, 45)} ${turn}`;
    }
    seen.add(name);
    return name === profile.name ? each : { ...each, profile: { ...profile, name } };
  });
}
