/**
 * swanctl.conf(5) of strongSwan, as far as it maps: ends, encapsulation, the interface's id, the ESP proposal, window and
 * lifetimes of each child. IKE makes the keys there, so a profile gets new ones; all that is about IKE is told.
 * @module
 */
import { encryptionSpellings, integritySpellings } from '#core/crypto/algorithm-spellings.ts';
import { encryptionRow, type EncryptionAlgorithmName, type IntegrityAlgorithmName } from '#core/crypto/algorithms.ts';
import { IpsecError } from '#core/base/error.ts';
import type { Random } from '#core/base/port.ts';
import { parseIpAddress } from '#core/ip/address.ts';
import { hostPrefix, networkPrefix, parsePrefix } from '#core/ip/prefix.ts';
import { usualReplayWindow } from '#core/profile/export/swanctl.ts';
import { generatePairs, recommendedSuite } from '#core/profile/manual-keys.ts';
import type { ProfileInput } from '#core/profile/profile.ts';
import { parseProfile } from '#core/profile/stored-profile.ts';
import type { ImportedProfile } from './assemble.ts';
import type { Findings } from './imported.ts';
import { parseSwanctl, type SwanctlSection } from './swanctl-tree.ts';
import type { NamedText } from './text-kind.ts';

/** What a child or its connection maps. */
const mapped = new Set([
  ...['local_addrs', 'remote_addrs', 'encap', 'esp_proposals', 'if_id_in', 'if_id_out', 'replay_window', 'mode'],
  ...['rekey_time', 'life_time', 'rekey_bytes', 'life_bytes', 'rekey_packets', 'life_packets', 'start_action'],
  ...['local_ts', 'remote_ts'],
]);

type At = { readonly file: string; readonly findings: Findings; readonly random: Random };

/** Read one file. */
export function readSwanctl({ name: file, text }: NamedText, findings: Findings, random: Random): ImportedProfile[] {
  const { root, badLines } = parseSwanctl(text);
  const at: At = { file, findings, random };
  for (const line of badLines) tell(at, line, '', 'it is no section and no value');
  for (const { key, line } of root.values) tell(at, line, key, 'it stands in no section');
  return root.sections.flatMap(({ name, line, body }) => {
    if (name === 'connections') return body.sections.flatMap((each) => readConnection(each, at));
    tell(
      at,
      line,
      name,
      name === 'secrets' ? 'IKE is not spoken here, so its secrets are of no use' : 'it has no meaning here',
    );
    return [];
  });
}

type Named = SwanctlSection['sections'][number];

function readConnection({ name, body }: Named, at: At): ImportedProfile[] {
  for (const { key, line } of body.values) {
    if (!mapped.has(key)) tell(at, line, key, 'it is about IKE, which is not spoken here');
  }
  for (const section of body.sections) {
    if (section.name !== 'children') tell(at, section.line, section.name, 'it is about IKE, which is not spoken here');
  }
  const children = body.sections.filter((each) => each.name === 'children').flatMap((each) => each.body.sections);
  return children.flatMap((child): ImportedProfile[] => {
    const label = children.length === 1 ? name : child.name;
    try {
      return [readChild(child, body, label, at)];
    } catch (error) {
      if (!(error instanceof IpsecError)) throw error;
      tell(at, child.line, child.name, error.message);
      return [];
    }
  });
}

function readChild({ body, line }: Named, connection: SwanctlSection, name: string, at: At): ImportedProfile {
  for (const value of body.values) {
    if (!mapped.has(value.key)) tell(at, value.line, value.key, 'a profile has no place for it');
  }
  const get = (key: string): string | undefined => valueOf(body, key) ?? valueOf(connection, key);
  if ((get('mode') ?? 'tunnel') !== 'tunnel')
    throw new IpsecError('IMPORT_FORMAT', `mode ${get('mode') ?? ''} is no tunnel`);
  const link0 = /^(yes|true|enabled|1)$/i.test(get('encap') ?? '');
  const families = familiesOf(get('local_ts'), get('remote_ts'));
  const flags = { link0, link2: link0 ? families.has('ipv6') : true };
  const suite = suiteOf(get('esp_proposals'));
  const { random, file, findings } = at;
  const pairs = generatePairs(flags, random, () => false).filter(
    ({ carries }) => carries === 'any' || families.has(carries),
  );
  const why = 'IKE makes the keys there: new ones are made here, and the other end needs them, too';
  findings.unmapped.push({ file, line, text: name, why });
  const input: ProfileInput = {
    ...{ name, flags, interface: `ipsec${Math.max(0, (count(get('if_id_in')) ?? count(get('if_id_out')) ?? 1) - 1)}` },
    local: { host: hostOf(get('local_addrs'), 'auto') },
    peer: { host: hostOf(get('remote_addrs'), '') },
    routes: networksOf(get('remote_ts'), at, line),
    networks: networksOf(get('local_ts'), at, line),
    startup: ['start', 'trap|start'].includes(get('start_action') ?? '') ? 'up' : 'manual',
    keys: {
      ...{ kind: 'manual', pairs, ...suite },
      replayBytes: Math.ceil((count(get('replay_window')) ?? usualReplayWindow) / 8),
      soft: limits(get('rekey_time'), get('rekey_bytes'), get('rekey_packets')),
      hard: limits(get('life_time'), get('life_bytes'), get('life_packets')),
    },
  };
  return { profile: parseProfile(input), secrets: null };
}

function valueOf({ values }: SwanctlSection, key: string): string | undefined {
  return values.find((value) => value.key === key)?.value;
}

/** The first of a list; strongSwan takes several. */
function hostOf(value: string | undefined, fallback: string): string {
  const first = (value ?? '').split(',')[0]?.trim() ?? '';
  return first === '' || first.startsWith('%any') ? fallback : first;
}

function listOf(value: string | undefined): string[] {
  return (value ?? '')
    .split(',')
    .map((each) => each.replace(/\[.*$/, '').trim())
    .filter((each) => each !== '' && each !== 'dynamic');
}

/** Everything is what a route-based tunnel has; narrower selectors are the networks behind its ends. */
function networksOf(value: string | undefined, at: At, line: number): string[] {
  return listOf(value).flatMap((each) => {
    if (each === '0.0.0.0/0' || each === '::/0') return [];
    try {
      return [each.includes('/') ? networkPrefix(parsePrefix(each)) : hostPrefix(parseIpAddress(each))];
    } catch (error) {
      if (!(error instanceof IpsecError)) throw error;
      tell(at, line, each, 'it is no network');
      return [];
    }
  });
}

function familiesOf(...values: readonly (string | undefined)[]): Set<'ipv4' | 'ipv6'> {
  const all = values.flatMap(listOf);
  if (all.length === 0) return new Set(['ipv4', 'ipv6']);
  return new Set(all.map((each) => (each.includes(':') ? 'ipv6' : 'ipv4')));
}

type Suite = { encryption: EncryptionAlgorithmName; integrity: IntegrityAlgorithmName | null; hasEsn: boolean };

/** `aes256gcm16-esn`, `aes128-sha256`: the first proposal that is known here. */
function suiteOf(value: string | undefined): Suite {
  for (const proposal of listOf(value)) {
    const words = proposal
      .split('-')
      .filter((word) => !/^(modp|ecp|curve|x25519|x448|mlkem|ke[0-9]|noesn|prf)/.test(word));
    const encryption = words.map(encryptionOf).find((each) => each !== null) ?? null;
    if (encryption === null) continue;
    const integrity = words.map(integrityOf).find((each) => each !== null) ?? null;
    const isAead = encryptionRow(encryption).kind === 'aead';
    if (!isAead && integrity === null) continue;
    return { encryption, integrity: isAead ? null : integrity, hasEsn: words.includes('esn') };
  }
  if (value === undefined || listOf(value).includes('default')) return { ...recommendedSuite, hasEsn: false };
  throw new IpsecError('IMPORT_FORMAT', 'none of its ESP proposals is known here');
}

function encryptionOf(word: string): EncryptionAlgorithmName | null {
  const spelled = word
    .replace(/^(aes|camellia)(128|192|256)/, '$1%')
    .replace(/^aes$/, 'aes%')
    .replace(/([gc]cm)(64|96|128)$/, (_whole, mode: string, bits: string) => `${mode}${Number(bits) / 8}`);
  const names = Object.keys(encryptionSpellings) as EncryptionAlgorithmName[];
  return names.find((name) => encryptionSpellings[name].strongswan === spelled) ?? null;
}

function integrityOf(word: string): IntegrityAlgorithmName | null {
  const spelled = word.replace(/^sha2_/, 'sha');
  const names = Object.keys(integritySpellings) as IntegrityAlgorithmName[];
  return names.find((name) => integritySpellings[name].strongswan === spelled) ?? null;
}

function limits(
  time: string | undefined,
  bytes: string | undefined,
  packets: string | undefined,
): { addSeconds: number; bytes: number; packets: number } {
  return { addSeconds: seconds(time), bytes: count(bytes) ?? 0, packets: count(packets) ?? 0 };
}

const units = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

function seconds(value: string | undefined): number {
  const match = /^([0-9]{1,9})\s*([smhd])?$/.exec(value ?? '');
  return match === null ? 0 : Number(match[1]) * units[(match[2] ?? 's') as keyof typeof units];
}

function count(value: string | undefined): number | null {
  return value !== undefined && /^(0x[0-9a-f]{1,8}|[0-9]{1,15})$/i.test(value) ? Number(value) : null;
}

function tell({ file, findings }: At, line: number, text: string, why: string): void {
  findings.unmapped.push({ file, line, text: text.slice(0, 60), why });
}
