/**
 * From tunnels and associations to profiles: each tunnel takes the associations between its outer addresses, in pairs of one
 * to send on and one to receive on, a pair for each inner family, or under link0 one for both. What is left is told.
 * @module
 */
import { formatSpi } from '#core/base/spi-text.ts';
import { toHex } from '#core/base/bytes.ts';
import { IpsecError } from '#core/base/error.ts';
import type { Random } from '#core/base/port.ts';
import { addressFamily } from '#core/ip/address.ts';
import type { OuterPair } from '#core/ipsecif/outer-pair.ts';
import { generatePairs, generateSecrets, recommendedSuite } from '#core/profile/manual-keys.ts';
import { checkProfile } from '#core/profile/profile-check.ts';
import type { ManualKeys, Profile, ProfileInput, SpiPair } from '#core/profile/profile.ts';
import type { AssociationKeys, ProfileSecrets } from '#core/profile/profile-secrets.ts';
import { parseProfile } from '#core/profile/stored-profile.ts';
import type { Findings, ImportedAssociation, ImportedTunnel, Unmapped } from './imported.ts';

/** A profile that was read. */
export type ImportedProfile = {
  readonly profile: Profile;
  /** Null where the texts have no keys: new ones have to be made, and the other end needs them, too. */
  readonly secrets: ProfileSecrets | null;
};

type Pair = {
  readonly carries: SpiPair['carries'];
  readonly out: ImportedAssociation;
  readonly in: ImportedAssociation;
};

/** Put together; what cannot be is added to `findings.unmapped`. */
export function assemble(findings: Findings, random: Random): ImportedProfile[] {
  const { tunnels, associations, unmapped } = findings;
  const left = new Set(associations);
  const profiles = tunnels.flatMap((tunnel): ImportedProfile[] => {
    const pairs = sameSuite(pairsOf(tunnel, [...left]), unmapped);
    for (const pair of pairs) [pair.in, pair.out].forEach((each) => left.delete(each));
    try {
      return [toProfile(tunnel, pairs, random, unmapped)];
    } catch (error) {
      if (!(error instanceof IpsecError)) throw error;
      unmapped.push({ file: tunnel.file, line: 0, text: tunnel.interface, why: error.message });
      return [];
    }
  });
  for (const association of left) unmapped.push(leftOver(association, tunnels));
  return profiles;
}

function pairsOf(tunnel: ImportedTunnel, associations: readonly ImportedAssociation[]): Pair[] {
  const { outer, flags } = tunnel;
  const between = (pair: OuterPair): ImportedAssociation[] =>
    associations.filter(({ spec, interfaceId }) => isBetween(spec, pair) && tunnel.takes(spec.reqid, interfaceId));
  const mirrored = { local: outer.peer, peer: outer.local, localPort: outer.peerPort, peerPort: outer.localPort };
  const [sending, receiving] = [between(outer), between(mirrored)];
  if (flags.link0) {
    const [out, back] = [sending[0], receiving[0]];
    return out === undefined || back === undefined ? [] : [{ carries: 'any', out, in: back }];
  }
  // Of two pairs the first carries IPv4, as exports write them; a single one carries what the addresses are.
  const isSingle = Math.min(sending.length, receiving.length) < 2;
  const order = isSingle && wantsOnlyIpv6(tunnel) ? (['ipv6', 'ipv4'] as const) : (['ipv4', 'ipv6'] as const);
  const pairs: Pair[] = [];
  for (const carries of order) {
    const out = take(sending, (reqid) => tunnel.familyOf('out', reqid), carries);
    const back = take(receiving, (reqid) => tunnel.familyOf('in', reqid), carries);
    if (out === undefined || back === undefined) continue;
    sending.splice(sending.indexOf(out), 1);
    receiving.splice(receiving.indexOf(back), 1);
    pairs.push({ carries, out, in: back });
  }
  return pairs.sort((left, right) => (left.carries < right.carries ? -1 : 1));
}

/** The first whose reqid stands for the family, or else the first whose reqid does not tell. */
function take(
  associations: readonly ImportedAssociation[],
  familyOf: (reqid: number) => 'ipv4' | 'ipv6' | null,
  carries: 'ipv4' | 'ipv6',
): ImportedAssociation | undefined {
  return (
    associations.find(({ spec }) => familyOf(spec.reqid) === carries) ??
    associations.find(({ spec }) => familyOf(spec.reqid) === null)
  );
}

function isBetween(
  { source, destination, ports }: ImportedAssociation['spec'],
  { local, peer, localPort, peerPort }: OuterPair,
): boolean {
  const fits = (wanted: number, port: number | undefined): boolean => wanted === 0 || wanted === port;
  return (
    source === local && destination === peer && fits(localPort, ports?.source) && fits(peerPort, ports?.destination)
  );
}

function wantsOnlyIpv6({ addresses }: ImportedTunnel): boolean {
  return addresses.length > 0 && addresses.every(({ address }) => addressFamily(address) === 6);
}

/** A profile has one suite: pairs of another are told. */
function sameSuite(pairs: readonly Pair[], unmapped: Unmapped[]): Pair[] {
  const [first] = pairs;
  if (first === undefined) return [];
  const wanted = suiteKey(first.out);
  return pairs.filter((pair) => {
    const other = [pair.out, pair.in].find((each) => suiteKey(each) !== wanted);
    if (other === undefined) return true;
    const why = 'a profile has the same algorithms, window and lifetimes both ways; these are different';
    unmapped.push({ file: other.file, line: other.line, text: nameOf(other), why });
    return false;
  });
}

function suiteKey({ spec }: ImportedAssociation): string {
  const { encryption, integrity, replayBytes, hasEsn, lifetimes } = spec;
  return JSON.stringify([encryption, integrity, replayBytes, hasEsn, lifetimes]);
}

function toProfile(
  tunnel: ImportedTunnel,
  pairs: readonly Pair[],
  random: Random,
  unmapped: Unmapped[],
): ImportedProfile {
  const { outer, flags, mtu, addresses, routes, file } = tunnel;
  const hasKeys = pairs.length > 0 && pairs.every((pair) => pair.out.hasKeys && pair.in.hasKeys);
  if (!hasKeys) {
    const why = 'the keys are not in these files: new ones are made, and the other end needs them, too';
    unmapped.push({ file, line: 0, text: tunnel.interface, why });
  }
  const input: ProfileInput = {
    name: tunnel.name ?? tunnel.interface,
    interface: tunnel.interface,
    local: { host: outer.local, port: outer.localPort },
    peer: { host: outer.peer, port: outer.peerPort },
    ...{ flags, mtu, routes: [...routes] },
    addresses: addresses.map((inner) => ({ ...inner })),
    keys: pairs.length > 0 ? manualKeys(pairs) : freshKeys(flags, random),
  };
  const profile = parseProfile(input);
  const secrets = hasKeys ? secretsOf(pairs) : null;
  checkProfile(profile, secrets ?? generateSecrets(profile.keys, { fill: (out) => void out.fill(0) }));
  return { profile, secrets };
}

function manualKeys(pairs: readonly Pair[]): ProfileInput['keys'] {
  const [first] = pairs;
  if (first === undefined) throw new IpsecError('PROFILE_INVALID', 'there is no pair of associations');
  const { encryption, integrity, replayBytes, hasEsn, lifetimes } = first.out.spec;
  return {
    ...{ kind: 'manual', encryption, integrity, replayBytes, hasEsn },
    ...{ soft: { ...lifetimes.soft }, hard: { ...lifetimes.hard } },
    pairs: pairs.map(({ carries, out, in: back }) => ({ carries, spiOut: out.spec.spi, spiIn: back.spec.spi })),
  };
}

/** For texts without associations. */
function freshKeys(
  flags: { readonly link0: boolean; readonly link2: boolean },
  random: Random,
): Pick<ManualKeys, 'kind' | 'encryption' | 'integrity' | 'pairs'> {
  return { kind: 'manual', ...recommendedSuite, pairs: generatePairs(flags, random, () => false) };
}

function secretsOf(pairs: readonly Pair[]): ProfileSecrets {
  return { kind: 'manual', pairs: pairs.map((pair) => ({ out: keysOf(pair.out), in: keysOf(pair.in) })) };
}

function keysOf({ spec: { encryptionKey, integrityKey } }: ImportedAssociation): AssociationKeys {
  const integrity = integrityKey === null ? null : toHex(integrityKey.reveal());
  return { encryption: toHex(encryptionKey.reveal()), integrity };
}

function nameOf({ spec: { source, destination, spi } }: ImportedAssociation): string {
  return `${source} ${destination} ${formatSpi(spi)}`;
}

function leftOver(association: ImportedAssociation, tunnels: readonly ImportedTunnel[]): Unmapped {
  const { file, line, spec } = association;
  const isNear = tunnels.some(
    ({ outer }) =>
      (outer.local === spec.source && outer.peer === spec.destination) ||
      (outer.peer === spec.source && outer.local === spec.destination),
  );
  const why = isNear
    ? 'the tunnel has its associations already, or there is none the other way'
    : 'no interface of these files has its addresses';
  return { file, line, text: nameOf(association), why };
}
