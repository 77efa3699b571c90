/**
 * What files ask a machine to be: interfaces, associations and policies. A file declares its kind completely: with a file
 * of an interface (/etc/ifconfig.ipsecN) what other interfaces there are goes, with setkey text what other associations
 * and policies there are goes. A profile declares its own tunnel and nothing else.
 * @module
 */
import type { IpPrefix } from '#core/ip/prefix.ts';
import type { InterfaceFlags } from '#core/ipsecif/flags.ts';
import type { GeneratedReqids } from '#core/ipsecif/generated-policy.ts';
import type { InnerAddress } from '#core/ipsecif/inner-address.ts';
import type { InterfaceOptions } from '#core/ipsecif/interface-options.ts';
import type { OuterPair } from '#core/ipsecif/outer-pair.ts';
import type { AssociationSpec } from '#core/sad/security-association.ts';
import type { PolicySpec } from '#core/spd/security-policy.ts';
import type { SetupAssociation } from '#core/tunnel/tunnel-setup.ts';

/** Where something is declared. */
export type DeclaredAt = { readonly file: string; readonly line: number; readonly column: number };

/** An interface as it should be. */
export type DesiredInterface = {
  readonly name: string;
  readonly flags: InterfaceFlags;
  /** Null: as they are. */
  readonly options: InterfaceOptions | null;
  readonly mtu: number;
  readonly outer: OuterPair | null;
  /** Reqids that its policies should have; null: whatever the system gives. */
  readonly reqids: GeneratedReqids | null;
  readonly addresses: readonly InnerAddress[];
  /** Routes into it that should be there; others stay. */
  readonly routes: readonly IpPrefix[];
  readonly at: DeclaredAt;
};

/** An association as it should be. */
export type DesiredAssociation = {
  readonly spec: AssociationSpec;
  /** The policy whose reqid it takes when it is added; null: the reqid is that of `spec`. */
  readonly owner: (Pick<SetupAssociation, 'direction' | 'carries'> & { readonly interface: string }) | null;
  /** A sequence number to go on behind; 0 for a new association. */
  readonly resumeAt: number;
  readonly at: DeclaredAt;
};

/** A policy as it should be. */
export type DesiredPolicy = { readonly spec: PolicySpec; readonly at: DeclaredAt };

/** A machine as it should be. */
export type DesiredState = {
  readonly interfaces: readonly DesiredInterface[];
  readonly associations: readonly DesiredAssociation[];
  readonly policies: readonly DesiredPolicy[];
  /** Of what is not named above, what goes. */
  readonly gone: {
    readonly interfaces: 'all' | ReadonlySet<string>;
    /** By `associationKey`. */
    readonly associations: 'all' | ReadonlySet<string>;
    /** User's policies. */
    readonly policies: 'all' | 'none';
  };
  /** What files say that is not carried out, a sentence each. */
  readonly notes: readonly string[];
};

/** What profiles hold, which no plan touches. */
export type HeldByProfiles = { readonly interfaces: ReadonlySet<string>; readonly associations: ReadonlySet<number> };

/** Nothing is held. */
export const nothingHeld: HeldByProfiles = { interfaces: new Set(), associations: new Set() };

/** What names an association on arrival (RFC 4301 §4.1). */
export function associationKey({ destination, spi }: Pick<AssociationSpec, 'destination' | 'spi'>): string {
  return `${destination} ${spi}`;
}
