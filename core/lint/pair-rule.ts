/**
 * Associations by their ends: one-sided pairs, SPIs that clash, and associations that fit no interface and no policy.
 * @module
 */
import { formatSpi } from '#core/base/spi-text.ts';
import { hostPrefix } from '#core/ip/prefix.ts';
import type { Interface } from '#core/ipsecif/interface.ts';
import type { AssociationSpec } from '#core/sad/security-association.ts';
import { isAddressRange } from '#core/spd/selector.ts';
import { finding, type Finding } from './finding.ts';
import { acceptedReqids, configuredInterfaces, type LintAssociation, type LintInput } from './lint-input.ts';
import { NetworkMap } from './network-map.ts';

/** Find them. */
export function pairRule(input: LintInput): Finding[] {
  return [...oneSided(input.associations), ...clashes(input.associations), ...unmatched(input), ...keyless(input)];
}

function oneSided(associations: readonly LintAssociation[]): Finding[] {
  const ways = new Set(associations.map(({ spec }) => `${spec.source} ${spec.destination}`));
  const told = new Set<string>();
  return associations.flatMap(({ place, spec: { source, destination } }): Finding[] => {
    const way = `${source} ${destination}`;
    if (ways.has(`${destination} ${source}`) || told.has(way)) return [];
    told.add(way);
    return [
      finding('PAIR_ONE_SIDED', place, `there is an association from ${source} to ${destination}, and none back`),
    ];
  });
}

function clashes(associations: readonly LintAssociation[]): Finding[] {
  const first = new Map<string, LintAssociation>();
  return associations.flatMap((association): Finding[] => {
    const { place, spec } = association;
    const key = `${spec.destination} ${spec.spi}`;
    const other = first.get(key);
    if (other === undefined) {
      first.set(key, association);
      return [];
    }
    const where = `${other.place.file === place.file ? '' : `${other.place.file}, `}line ${other.place.line}`;
    return [
      finding('SPI_CLASH', place, `SPI ${formatSpi(spec.spi)} to ${spec.destination} is taken already (${where})`),
    ];
  });
}

type Match = { readonly record: Interface; readonly reqids: readonly number[] };

/** Without an interface in the files there is nothing to compare with. */
function unmatched(input: LintInput): Finding[] {
  const interfaces = configuredInterfaces(input);
  if (interfaces.length === 0) return [];
  const byPair = new Map<string, Interface[]>();
  for (const { record } of interfaces) {
    const pair = [record.outer?.local ?? '', record.outer?.peer ?? ''].sort().join(' ');
    byPair.set(pair, [...(byPair.get(pair) ?? []), record]);
  }
  const protectedPairs = pairsOfPolicies(input);
  return input.associations.flatMap(({ place, spec, owner }): Finding[] => {
    const { source, destination, reqid } = spec;
    if (owner !== null) return [];
    const own = (byPair.get([source, destination].sort().join(' ')) ?? []).flatMap((record) => matchesOf(record, spec));
    const [first] = own;
    if (first === undefined) {
      if (lieIn(protectedPairs, spec)) return [];
      return [finding('PAIR_UNUSED', place, `nothing here sends or receives between ${source} and ${destination}`)];
    }
    // Under link0 policies have no reqid, and take any.
    if (own.some(({ record, reqids }) => record.flags.link0 || reqids.includes(reqid))) return [];
    const fix = `Use -u with one of ${first.reqids.join(', ')}: drawn at start, or fixed; IPv4 first, then IPv6.`;
    return [finding('REQID_UNMATCHED', place, `reqid ${reqid} is none of ${first.record.name}’s`, { fix })];
  });
}

function matchesOf(record: Interface, { source, destination }: AssociationSpec): Match[] {
  const { outer } = record;
  if (outer?.local === source && outer.peer === destination) return [{ record, reqids: acceptedReqids(record, 'out') }];
  const isInbound = outer?.local === destination && outer.peer === source;
  return isInbound ? [{ record, reqids: acceptedReqids(record, 'in') }] : [];
}

/** Networks between which some policy protects; its protocol and ports do not matter here. */
function pairsOfPolicies({ policies }: LintInput): NetworkMap<NetworkMap<true>> {
  const pairs = new NetworkMap<NetworkMap<true>>();
  for (const { spec } of policies) {
    const { source, destination } = spec.selector;
    if (spec.action !== 'protect' || isAddressRange(source) || isAddressRange(destination)) continue;
    pairs.at(source, () => new NetworkMap()).at(destination, () => true);
  }
  return pairs;
}

function lieIn(pairs: NetworkMap<NetworkMap<true>>, { source, destination }: AssociationSpec): boolean {
  for (const near of pairs.containing(hostPrefix(source))) {
    for (const isThere of near.containing(hostPrefix(destination))) return isThere;
  }
  return false;
}

/** Only where the files have associations at all: an interface's file alone is no mistake. */
function keyless(input: LintInput): Finding[] {
  if (input.associations.length === 0) return [];
  const owners = new Set(input.associations.map(({ owner }) => owner));
  const ways = new Set(input.associations.map(({ spec }) => `${spec.source} ${spec.destination}`));
  return configuredInterfaces(input).flatMap(({ place, record: { name, outer } }) => {
    const hasAny = owners.has(name) || ways.has(`${outer?.local ?? ''} ${outer?.peer ?? ''}`);
    return hasAny ? [] : [finding('INTERFACE_KEYLESS', place, `${name} has no associations to send on`)];
  });
}
