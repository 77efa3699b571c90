/**
 * A profile as the commands that would do the same, in BSD's words: typed setkey statements, ifconfig's words line by
 * line, and routes. Exporters print these, and screens show them. The statements hold keys; `printStatements` of
 * core/setkey/printer.ts writes placeholders where asked to.
 * @module
 */
import { paddingKinds } from '#core/crypto/transform.ts';
import { addressFamily } from '#core/ip/address.ts';
import { prefixParts, type IpPrefix } from '#core/ip/prefix.ts';
import { initialFlags } from '#core/ipsecif/flags.ts';
import { defaultMtu } from '#core/ipsecif/mtu.ts';
import { hasPorts, type OuterPair } from '#core/ipsecif/outer-pair.ts';
import type { AssociationSpec } from '#core/sad/security-association.ts';
import { defaultOptions } from '#core/setkey/reading/association-parser.ts';
import type { AssociationStatement, KeyedAlgorithm, Position } from '#core/setkey/syntax.ts';
import { manualAssociations, type ProfileAssociation } from './manual-associations.ts';
import { innerAddresses, prefixesOf } from './profile-check.ts';
import type { Profile } from './profile.ts';
import type { ProfileSecrets } from './profile-secrets.ts';

/** setkey's `-u` of an association: the reqid of the policy that it belongs to; 0 for none. */
export type ReqidOf = (association: Pick<ProfileAssociation, 'direction' | 'carries'>) => number;

/** `add` statements, each pair's receiving association first. */
export function profileToStatements(
  profile: Profile,
  secrets: ProfileSecrets,
  outer: OuterPair,
  reqidOf: ReqidOf = () => 0,
): AssociationStatement[] {
  return manualAssociations(profile, secrets, outer).map(({ direction, carries, spec }, index) =>
    toStatement({ ...spec, reqid: reqidOf({ direction, carries }) }, index + 1),
  );
}

/**
 * ifconfig's words (ifconfig(8), ipsecif(4)), without `ifconfig` itself and with the interface's name first. In order:
 * flags stand before the tunnel, for ports need link0.
 */
export function profileToIfconfig(profile: Profile, outer: OuterPair): string[][] {
  const { interface: name, mtu, flags } = profile;
  const lines: string[][] = [[name, 'create']];
  for (const flag of ['link0', 'link1', 'link2', 'unnumbered'] as const) {
    if (flags[flag] !== initialFlags[flag]) lines.push([name, flags[flag] ? flag : `-${flag}`]);
  }
  lines.push([name, 'tunnel', ...tunnelWords(outer)]);
  let hasIpv4 = false;
  for (const { address, prefixLength, peer } of innerAddresses(profile)) {
    const isIpv4 = addressFamily(address) === 4;
    // Without the word BSD's ifconfig takes the first IPv4 address away (af_inetany.c).
    const alias = isIpv4 && hasIpv4 ? ['alias'] : [];
    hasIpv4 ||= isIpv4;
    const family = isIpv4 ? 'inet' : 'inet6';
    lines.push([name, family, `${address}/${prefixLength}`, ...(peer === null ? [] : [peer]), ...alias]);
  }
  if (mtu !== defaultMtu) lines.push([name, 'mtu', String(mtu)]);
  lines.push([name, 'up']);
  return lines;
}

/** A route into the tunnel. */
export type ProfileRoute = { readonly destination: IpPrefix; readonly family: 4 | 6; readonly interface: string };

/** Routes, in the profile's order. */
export function profileToRoutes(profile: Profile): ProfileRoute[] {
  return prefixesOf(profile, 'routes').map((destination) => ({
    destination,
    family: addressFamily(prefixParts(destination).address),
    interface: profile.interface,
  }));
}

/** The words behind ifconfig's `tunnel`: `A B`, or `A,PORT B,PORT`. */
export function tunnelWords(outer: OuterPair): string[] {
  const { local, peer, localPort, peerPort } = outer;
  return hasPorts(outer) ? [`${local},${localPort}`, `${peer},${peerPort}`] : [local, peer];
}

function toStatement(spec: AssociationSpec, line: number): AssociationStatement {
  const position: Position = { line, column: 1 };
  const { source, destination, protocol, ports, spi, mode, reqid, replayBytes, hasEsn, lifetimes } = spec;
  const { soft, hard } = lifetimes;
  return {
    ...{ kind: 'add', position, marks: {}, lookup: { family: null, isNumeric: false }, protocol, spi },
    source: { address: source, port: ports?.source ?? 0 },
    destination: { address: destination, port: ports?.destination ?? 0 },
    natOriginal: null,
    options: {
      ...defaultOptions,
      ...{ mode, reqid, replayBytes, hasEsn, padding: paddingKinds.sequential },
      softSeconds: soft.addSeconds,
      hardSeconds: hard.addSeconds,
      softBytes: soft.bytes,
      hardBytes: hard.bytes,
    },
    encryption: keyed(spec.encryption, spec.encryptionKey, position),
    integrity: spec.integrity === null ? null : keyed(spec.integrity, spec.integrityKey, position),
    compression: null,
  };
}

function keyed(name: string, key: KeyedAlgorithm['key'], position: Position): KeyedAlgorithm {
  return { name, key: key === null || key.length === 0 ? null : key, position };
}
