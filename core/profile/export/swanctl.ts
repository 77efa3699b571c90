/**
 * `swanctl`: a connection for strongSwan (swanctl.conf(5)) over an XFRM interface. swanctl.conf has no place for keys by
 * hand: IKE makes them, and the file says what it needs for that. The other end then needs IKE, too.
 *
 * The interface itself is made by what `networkd` exports, with the same id.
 * @module
 */
import { encryptionRow } from '#core/crypto/algorithms.ts';
import { parseEndpointHost } from '#core/profile/endpoint.ts';
import type { Profile } from '#core/profile/profile.ts';
import {
  carriedFamilies,
  headerLines,
  spellSuite,
  stemOf,
  toText,
  unsupported,
  xfrmInterfaceId,
  type Exporter,
  type ExportSource,
} from './export-source.ts';

const system = 'strongSwan';

/** strongSwan's replay window, in packets, where a file says none (swanctl.conf(5)). */
export const usualReplayWindow = 32;

const keyNotes = [
  'swanctl.conf cannot carry keys made by hand: IKEv2 makes them, so the other end has to speak IKEv2, too.',
  'What the two ends know each other by is missing: see the end of this file.',
];

/** One file: `etc/swanctl/conf.d/NAME.conf`. */
export const exportSwanctl: Exporter = (source) => {
  const { profile } = source;
  const name = sectionName(profile);
  const interfaceId = xfrmInterfaceId(profile);
  const notes = [
    ...source.notes,
    ...keyNotes,
    `It belongs to an XFRM interface with id ${interfaceId}; culvert export --format networkd makes one.`,
  ];
  const text = toText([
    ...headerLines({ ...source, notes }, `/etc/swanctl/conf.d/${name}.conf`, 'none'),
    ...section('connections', section(name, connection(source, interfaceId))),
    '',
    '# With a secret of at least 20 random characters, the same at both ends:',
    `# secrets { ike-${name} { secret = "…" } }`,
  ]);
  return [{ name: `etc/swanctl/conf.d/${name}.conf`, text, holdsKeys: false }];
};

function connection(source: ExportSource, interfaceId: number): string[] {
  const { profile } = source;
  const { local, peer, flags } = profile;
  return [
    'version = 2',
    `local_addrs = ${hostWord(local.host)}`,
    `remote_addrs = ${hostWord(peer.host)}`,
    ...(flags.link0 ? ['encap = yes'] : []),
    ...section('local', ['auth = psk']),
    ...section('remote', ['auth = psk']),
    ...section('children', section(sectionName(profile), child(source, interfaceId))),
  ];
}

function child(source: ExportSource, interfaceId: number): string[] {
  const { profile } = source;
  const { keys } = profile;
  const everything = carriedFamilies(profile).map((family) => (family === 4 ? '0.0.0.0/0' : '::/0'));
  return [
    'mode = tunnel',
    `local_ts = ${everything.join(', ')}`,
    `remote_ts = ${everything.join(', ')}`,
    `esp_proposals = ${proposal(source)}`,
    `if_id_in = ${interfaceId}`,
    `if_id_out = ${interfaceId}`,
    // A profile goes without a window because keys by hand outlive restarts. Those that IKE makes do not.
    `replay_window = ${keys.replayBytes === 0 ? usualReplayWindow : keys.replayBytes * 8}`,
    ...limit('rekey_time', keys.soft.addSeconds, 's'),
    ...limit('life_time', keys.hard.addSeconds, 's'),
    ...limit('rekey_bytes', keys.soft.bytes),
    ...limit('life_bytes', keys.hard.bytes),
    ...limit('rekey_packets', keys.soft.packets),
    ...limit('life_packets', keys.hard.packets),
    `start_action = ${profile.startup === 'up' ? 'start' : 'none'}`,
  ];
}

function proposal({ profile, lengths }: ExportSource): string {
  const { encryption, integrity } = spellSuite(profile, 'strongswan', system);
  const row = encryptionRow(profile.keys.encryption);
  if (row.kind !== 'aead' && integrity === null) {
    throw unsupported('keys.integrity', `${system} takes no ${profile.keys.encryption} without integrity`);
  }
  const bits = (lengths.pairs[0]?.out.encryptionBits ?? 0) - row.saltBytes * 8;
  return [
    encryption.replace('%', String(bits)),
    ...(integrity === null ? [] : [integrity]),
    ...(profile.keys.hasEsn ? ['esn'] : []),
  ].join('-');
}

function hostWord(host: Profile['peer']['host']): string {
  const parsed = parseEndpointHost(host, 'host');
  return parsed.kind === 'auto' ? '%any' : parsed.kind === 'name' ? parsed.name : parsed.address;
}

function limit(word: string, value: number, unit = ''): string[] {
  return value === 0 ? [] : [`${word} = ${value}${unit}`];
}

/** strongSwan reads a line that begins with `include` as one, whatever follows (strongswan.conf(5)). */
function sectionName(profile: Profile): string {
  const stem = stemOf(profile);
  return stem === 'include' ? 'include-' : stem;
}

function section(name: string, lines: readonly string[]): string[] {
  return [`${name} {`, ...lines.map((line) => `  ${line}`), '}'];
}
