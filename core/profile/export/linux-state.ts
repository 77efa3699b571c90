/**
 * Associations as `ip xfrm state` takes them (ip-xfrm(8)).
 * @module
 */
import { formatSpi } from '#core/base/spi-text.ts';
import { toHex } from '#core/base/bytes.ts';
import { encryptionRow, integrityRow } from '#core/crypto/algorithms.ts';
import type { KeyMaterial } from '#core/crypto/key-material.ts';
import { addressFamily } from '#core/ip/address.ts';
import type { OuterPair } from '#core/ipsecif/outer-pair.ts';
import { interfaceOptions } from '#core/profile/profile-check.ts';
import { manualAssociations, type ProfileAssociation } from '#core/profile/manual-associations.ts';
import type { Profile } from '#core/profile/profile.ts';
import type { Lifetime } from '#core/sad/lifetime.ts';
import { keysOrZeros, spellSuite, xfrmInterfaceId, type ExportSource } from './export-source.ts';
import { fixedReqid } from './fixed-reqid.ts';

/** The kernel's largest window (include/uapi/linux/xfrm.h: XFRMA_REPLAY_ESN_MAX). */
const largestWindow = 4096;
/** ESN needs a window; this is what the kernel has without one of its own size. */
const leastEsnWindow = 32;

/** Commands that make the associations, and that remove them. */
export function stateCommands(
  source: ExportSource,
  outer: OuterPair,
): { readonly add: readonly string[]; readonly remove: readonly string[] } {
  const associations = manualAssociations(source.profile, keysOrZeros(source), outer);
  return {
    add: associations.map((association) => addCommand(source, association)),
    remove: associations.map((association) => `xfrm state delete ${nameWords(association)}`),
  };
}

function nameWords({ spec }: ProfileAssociation): string {
  return `src ${spec.source} dst ${spec.destination} proto esp spi ${formatSpi(spec.spi)}`;
}

function addCommand(source: ExportSource, association: ProfileAssociation): string {
  const { profile, secrets } = source;
  const { spec, carries } = association;
  return [
    `xfrm state add ${nameWords(association)}`,
    `mode tunnel reqid ${fixedReqid(profile, carries)}`,
    `replay-window ${windowOf(profile)}`,
    // Without af-unspec an association carries only the family of its outer addresses.
    `flag ${['af-unspec', ...flagWords(profile, spec.source)].join(' ')}`,
    ...algorithmWords(profile, association, secrets !== null),
    ...encapsulationWords(association),
    `if_id ${xfrmInterfaceId(profile)}`,
    ...limitWords('soft', spec.lifetimes.soft),
    ...limitWords('hard', spec.lifetimes.hard),
  ].join(' ');
}

function windowOf({ keys }: Profile): number {
  const packets = Math.min(keys.replayBytes * 8, largestWindow);
  return keys.hasEsn ? Math.max(packets, leastEsnWindow) : packets;
}

/** nopmtudisc: DF stays clear on the outer IPv4 header, as ipsecif(4) has it. */
function flagWords(profile: Profile, outerSource: OuterPair['local']): string[] {
  const isClear = addressFamily(outerSource) === 4 && (interfaceOptions(profile).dontFragment ?? 'clear') === 'clear';
  return [...(isClear ? ['nopmtudisc'] : []), ...(profile.keys.hasEsn ? ['esn'] : [])];
}

function algorithmWords(profile: Profile, { spec }: ProfileAssociation, withKeys: boolean): string[] {
  const spelling = spellSuite(profile, 'linux', 'Linux');
  const key = keyWord(spec.encryptionKey, withKeys);
  const row = encryptionRow(spec.encryption);
  if (row.kind === 'aead') return [`aead '${spelling.encryption}' ${key} ${row.icvBytes * 8}`];
  const integrity =
    spec.integrity === null || spelling.integrity === null
      ? []
      : [
          `auth-trunc '${spelling.integrity}' ${keyWord(spec.integrityKey, withKeys)} ${integrityRow(spec.integrity).icvBytes * 8}`,
        ];
  return [...integrity, `enc '${spelling.encryption}' ${key}`];
}

/** With 0x before it, what is no digit is refused; without, ip would take any text as the bytes of a key. */
function keyWord(key: KeyMaterial | null, withKeys: boolean): string {
  if (key === null || key.length === 0) return "''";
  return withKeys ? `0x${toHex(key.reveal())}` : `'0x${String(key)}'`;
}

function encapsulationWords({ spec }: ProfileAssociation): string[] {
  if (spec.ports === null) return [];
  const nobody = addressFamily(spec.source) === 4 ? '0.0.0.0' : '::';
  return [`encap espinudp ${spec.ports.source} ${spec.ports.destination} ${nobody}`];
}

function limitWords(kind: 'soft' | 'hard', { addSeconds, useSeconds, bytes, packets }: Lifetime): string[] {
  const limits = [
    ['time', addSeconds],
    ['time-use', useSeconds],
    ['byte', bytes],
    ['packet', packets],
  ] as const;
  return limits.filter(([, value]) => value !== 0).map(([word, value]) => `limit ${word}-${kind} ${value}`);
}
