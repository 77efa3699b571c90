/**
 * What a statement or a command changed in SAD and SPD, for those who listen: PF_KEY's ADD, UPDATE, DELETE, GETSPI, FLUSH
 * (RFC 2367 §3.1) and KAME's SPDADD, SPDUPDATE, SPDDELETE, SPDFLUSH. No key is in it.
 *
 * Policies that interfaces generate make no message, as on NetBSD (key.c: key_kpi_spdadd).
 * @module
 */
import type { IpAddress } from '#core/ip/address.ts';
import type { SecurityAssociation } from '#core/sad/security-association.ts';
import type { SecurityPolicy } from '#core/spd/security-policy.ts';
import type { Selector } from '#core/spd/selector.ts';

/** One change. */
export type DatabaseChange =
  | {
      readonly kind: 'association';
      readonly change: 'getspi' | 'add' | 'update' | 'delete';
      readonly source: IpAddress;
      readonly destination: IpAddress;
      readonly protocol: SecurityAssociation['protocol'];
      /** Null where all of the pair are meant (setkey's deleteall). */
      readonly spi: number | null;
      /** Null for `delete`, whose message does not tell them. */
      readonly reqid: number | null;
      readonly mode: SecurityAssociation['mode'] | null;
    }
  | ({
      readonly kind: 'policy';
      readonly change: 'add' | 'update' | 'delete';
      readonly spid: number;
      readonly direction: SecurityPolicy['direction'];
      readonly action: SecurityPolicy['action'];
    } & Selector)
  | { readonly kind: 'flush'; readonly what: 'associations' | 'policies' };

/** Hears of every change that was carried out. */
export type ChangeListener = (change: DatabaseChange) => void;

type Named = Pick<SecurityAssociation, 'source' | 'destination' | 'protocol' | 'spi' | 'reqid' | 'mode'>;

/** An association that was added, updated, or whose SPI is reserved. */
export function associationChange(change: 'getspi' | 'add' | 'update', association: Named): DatabaseChange {
  const { source, destination, protocol, spi, reqid, mode } = association;
  return { kind: 'association', change, source, destination, protocol, spi, reqid, mode };
}

/** An association that was deleted, or with `spi` null all between two addresses. */
export function associationDeleted(
  { source, destination, protocol }: Pick<Named, 'source' | 'destination' | 'protocol'>,
  spi: number | null,
): DatabaseChange {
  return { kind: 'association', change: 'delete', source, destination, protocol, spi, reqid: null, mode: null };
}

/** A policy that was added, updated or deleted. */
export function policyChange(change: 'add' | 'update' | 'delete', policy: SecurityPolicy): DatabaseChange {
  const { spid, direction, action, selector } = policy;
  return { kind: 'policy', change, spid, direction, action, ...selector };
}
