/**
 * What this gateway sends by, compiled for the inbound worker: SPI → outbound association → interface. An ICMP error that
 * quotes an ESP packet of ours names its association this way (RFC 4301 §8.2.1).
 *
 * By SPI, outer addresses and ports together: the peer chose the SPI, and another peer may have chosen the same.
 * @module
 */
import { equalAddressAt } from '#core/datapath/outer-header.ts';
import type { Snapshot, SnapshotAssociation } from '#core/datapath/snapshot.ts';
import { IpProtocol } from '#core/ip/protocol.ts';
import { SpiTable } from './spi-table.ts';

/** An association that packets were sent by. */
export type SentBy = {
  readonly sa: SnapshotAssociation;
  /** Counters and name of an interface that sends by it; 0 and empty when none does any more. */
  readonly slot: number;
  readonly interfaceName: string;
  /** The next one with the same SPI. */
  readonly nextWithSpi: SentBy | null;
};

/** The outer packet that is looked for: addresses as offsets into `bytes`, ports 0 for plain ESP. */
export type SentPacket = {
  readonly spi: number;
  readonly family: number;
  readonly source: number;
  readonly destination: number;
  readonly protocol: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
};

/** A table of nothing. */
export const emptySentTable: SpiTable<SentBy> = new SpiTable(new Map());

/** Compile a snapshot. */
export function compileSent({ interfaces, outbound }: Snapshot): SpiTable<SentBy> {
  const owners = new Map<number, { readonly slot: number; readonly name: string }>();
  for (const row of interfaces) {
    for (const policy of [row.ipv4, row.ipv6]) if (policy !== null) owners.set(policy.outboundAssociation, row);
  }
  const bySpi = new Map<number, SentBy>();
  for (const sa of outbound) {
    const owner = owners.get(sa.id);
    const nextWithSpi = bySpi.get(sa.spi) ?? null;
    bySpi.set(sa.spi, { sa, slot: owner?.slot ?? 0, interfaceName: owner?.name ?? '', nextWithSpi });
  }
  return new SpiTable(bySpi);
}

/** The association that sent such a packet, or null. */
export function findSent(table: SpiTable<SentBy>, packet: SentPacket, bytes: Uint8Array): SentBy | null {
  for (let candidate = table.get(packet.spi); candidate !== null; candidate = candidate.nextWithSpi) {
    if (hasSent(candidate.sa, packet, bytes)) return candidate;
  }
  return null;
}

function hasSent(sa: SnapshotAssociation, packet: SentPacket, bytes: Uint8Array): boolean {
  const { family, udp } = sa;
  if (family !== packet.family || packet.protocol !== (udp === null ? IpProtocol.esp : IpProtocol.udp)) return false;
  if (!equalAddressAt(sa.source, 0, bytes, packet.source, family)) return false;
  if (udp === null) return equalAddressAt(sa.destination, 0, bytes, packet.destination, family);
  const moved = sa.movedTo ?? null;
  if (packet.sourcePort !== udp.sourcePort) return false;
  if (packet.destinationPort !== (moved?.port ?? udp.destinationPort)) return false;
  return equalAddressAt(moved?.address ?? sa.destination, 0, bytes, packet.destination, family);
}
