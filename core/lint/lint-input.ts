/**
 * What the rules of `culvert check` look at: the associations, policies and interfaces that some files declare, each with
 * its place. Files of every kind end here; what a parser finds wrong is a finding already.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { Ipsecif } from '#core/ipsecif/ipsecif.ts';
import { Spd } from '#core/spd/spd.ts';
import type { InnerAddress } from '#core/ipsecif/inner-address.ts';
import type { Interface } from '#core/ipsecif/interface.ts';
import type { IpPrefix } from '#core/ip/prefix.ts';
import { fixedReqid } from '#core/ipsecif/generated-policy.ts';
import type { AssociationSpec } from '#core/sad/security-association.ts';
import type { PolicySpec } from '#core/spd/security-policy.ts';
import { initialSettings } from '#core/ipsecif/interface-options.ts';
import type { Finding, Place } from './finding.ts';

/** An association that a file declares. */
export type LintAssociation = {
  readonly place: Place;
  readonly spec: AssociationSpec;
  /** The interface that it belongs to for certain (profiles); its reqid is then found when the tunnel comes up. */
  readonly owner: string | null;
  /** False where keys were left out: what stands in their place says nothing. */
  readonly hasKeys: boolean;
};

/** A policy that a file declares. */
export type LintPolicy = { readonly place: Place; readonly spec: PolicySpec };

/** An inner address or a route of an interface. */
export type LintNetwork = { readonly place: Place; readonly interface: string; readonly prefix: IpPrefix };

/** An interface that a file declares, with where its tunnel is set. */
export type LintInterface = { readonly place: Place; readonly record: Interface };

/** All that some files say. */
export type LintInput = {
  readonly findings: Finding[];
  readonly associations: LintAssociation[];
  readonly policies: LintPolicy[];
  readonly networks: LintNetwork[];
  /** Where each interface's tunnel, or else its first word, stands. */
  readonly interfacePlaces: Map<string, Place>;
  /** The interfaces as NetBSD would have them after these files; reqids are those of a machine that has just started. */
  readonly ipsecif: Ipsecif;
};

/** Of no file. */
export function emptyInput(): LintInput {
  return {
    ...{ findings: [], associations: [], policies: [], networks: [] },
    ...{ interfacePlaces: new Map(), ipsecif: new Ipsecif(new Spd()) },
  };
}

/** Interfaces whose outer addresses are known. */
export function configuredInterfaces({ ipsecif, interfacePlaces }: LintInput): LintInterface[] {
  return [...ipsecif.list()].flatMap((record) => {
    const place = interfacePlaces.get(record.name);
    return place === undefined || record.outer === null ? [] : [{ place, record }];
  });
}

/** Reqids that find their way to an interface: those drawn one by one, and the fixed ones of its unit. */
export function acceptedReqids({ policies, unit, flags }: Interface, direction: 'in' | 'out'): number[] {
  if (policies === null || flags.link0) return [];
  const own = direction === 'in' ? [policies.in4, policies.in6] : [policies.out4, policies.out6];
  const drawn = own.flatMap(({ requests }) => requests.map(({ reqid }) => reqid));
  return [...new Set([...drawn, ...fixedReqids(unit)])];
}

/** None for units that fixed reqids do not reach. */
function fixedReqids(unit: number): number[] {
  try {
    return (['v4', 'v6'] as const).map((inner) => fixedReqid(initialSettings.reqidBase, unit, inner));
  } catch (error) {
    if (error instanceof IpsecError) return [];
    throw error;
  }
}

/** The prefix of an inner address: that of its network, or of its peer where it has one. */
export function innerPrefix({ address, prefixLength, peer }: InnerAddress): IpPrefix {
  return `${peer ?? address}/${prefixLength}` as IpPrefix;
}
