/**
 * What importers find in texts, before it becomes profiles: tunnels without their associations, associations, and what
 * has no place in a profile. Whoever holds an association holds its keys; nothing else here does.
 * @module
 */
import type { InterfaceFlags } from '#core/ipsecif/flags.ts';
import type { InnerAddress } from '#core/ipsecif/inner-address.ts';
import type { OuterPair } from '#core/ipsecif/outer-pair.ts';
import type { IpPrefix } from '#core/ip/prefix.ts';
import type { AssociationSpec } from '#core/sad/security-association.ts';

/** Something that a profile has no place for, or that could not be read. `text` never holds a key. */
export type Unmapped = {
  readonly file: string;
  /** Counts from 1; 0 where it belongs to no line. */
  readonly line: number;
  readonly text: string;
  readonly why: string;
};

/** A tunnel. */
export type ImportedTunnel = {
  /** What a person called it; null where no text says. */
  readonly name: string | null;
  readonly interface: string;
  readonly file: string;
  readonly outer: OuterPair;
  readonly flags: Omit<InterfaceFlags, 'isUp'>;
  readonly mtu: number;
  readonly addresses: readonly InnerAddress[];
  readonly routes: readonly IpPrefix[];
  /** The inner family that a reqid stands for in a direction; null where the reqid does not tell. */
  readonly familyOf: (direction: 'in' | 'out', reqid: number) => 'ipv4' | 'ipv6' | null;
  /** Whether an association may be this tunnel's at all, beyond its addresses. */
  readonly takes: (reqid: number, interfaceId: number | null) => boolean;
};

/** An association. */
export type ImportedAssociation = {
  readonly file: string;
  readonly line: number;
  readonly spec: AssociationSpec;
  /** XFRM interface id on Linux; null elsewhere. */
  readonly interfaceId: number | null;
  /** False where a placeholder stood for the keys. */
  readonly hasKeys: boolean;
};

/** All that was found in some files. */
export type Findings = {
  readonly tunnels: ImportedTunnel[];
  readonly associations: ImportedAssociation[];
  readonly unmapped: Unmapped[];
};

/** Of no file. */
export function noFindings(): Findings {
  return { tunnels: [], associations: [], unmapped: [] };
}

/** Words of a text as `Unmapped` shows them: short, printable, and without what may be a key. */
export function shownText(text: string): string {
  return text
    .replace(/0x[0-9a-fA-F]{17,}|"[^"]{8,}"|\b[0-9a-fA-F]{32,}\b/g, '(key)')
    .replace(/[^\x20-\x7e]/g, ' ')
    .trim()
    .slice(0, 120);
}
