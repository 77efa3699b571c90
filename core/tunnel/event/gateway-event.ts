/**
 * What a gateway tells those who listen: PF_KEY's EXPIRE and ACQUIRE (RFC 2367 §3.1.6, §3.1.8), for a key daemon and
 * for whoever shows the state, its other messages (core/setkey/database-change.ts), and the audit trail of dropped packets
 * (RFC 4303 §4). No event holds a key.
 * @module
 */
import type { DropReasonName } from '#core/datapath/drop-reason.ts';
import type { IpAddress } from '#core/ip/address.ts';
import type { LifetimeLimit } from '#core/sad/lifetime.ts';
import type { LifetimeEvent } from '#core/sad/sad.ts';
import type { AssociationProtocol } from '#core/sad/security-association.ts';
import type { DatabaseChange } from '#core/setkey/database-change.ts';

/** One event. Times are milliseconds since the epoch. */
export type GatewayEvent =
  /** SAD or SPD was changed, by this process. */
  | (DatabaseChange & { atMs: number; pid: number })
  | {
      kind: 'expire';
      atMs: number;
      /** soft: make a successor; hard: it has ended; unused: it ended at its soft time, before its first packet. */
      hardness: LifetimeEvent['kind'];
      limit: LifetimeLimit;
      source: IpAddress;
      destination: IpAddress;
      protocol: AssociationProtocol;
      spi: number;
      reqid: number;
    }
  | {
      kind: 'acquire';
      atMs: number;
      /** Whose packet waits for an association. */
      interface: string;
      /** The outbound policy that asks for one. */
      spid: number;
      source: IpAddress;
      destination: IpAddress;
      reqid: number;
      /** Inner family of the packet. */
      family: 4 | 6;
      /** Rises by one with each acquire (sadb_msg_seq). */
      sequence: number;
    }
  | {
      /** A packet was dropped in a way that is to be audited (RFC 4303 §4, RFC 4301 §9). */
      kind: 'audit';
      atMs: number;
      reason: DropReasonName;
      /** Null where the packet named none of ours. */
      interface: string | null;
      source: IpAddress;
      destination: IpAddress;
      /** Null where the packet did not show them. */
      spi: number | null;
      sequence: number | null;
      flowLabel: number | null;
      /** How many drops of this reason and interface the event stands for. */
      packets: number;
    };

/** Somebody who listens. Must not throw. */
export type EventListener = (event: GatewayEvent) => void;

/** The event of a lifetime. */
export function expireEvent({ kind, limit, association }: LifetimeEvent, atMs: number): GatewayEvent {
  const { source, destination, protocol, spi, reqid } = association;
  return { kind: 'expire', atMs, hardness: kind, limit, source, destination, protocol, spi, reqid };
}
