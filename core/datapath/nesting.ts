/**
 * Tunnels in tunnels (NetBSD's if_tunnel_check_nesting): a packet may enter two ipsec interfaces one after the other,
 * not three. NetBSD tags the packet buffer; here a packet comes back from the host as ESP of one of our own outbound
 * associations, and the association remembers how deep the packets it sealed were (association-state.ts).
 *
 * A packet that comes back to the very association that sealed it is a routing loop and told apart.
 * @module
 */
import { readU16, readU32 } from '#core/base/bytes.ts';
import { ipv4DestinationAt } from '#core/ip/ipv4.ts';
import { ipv6DestinationAt } from '#core/ip/ipv6.ts';
import { IpProtocol } from '#core/ip/protocol.ts';
import { udpHeaderBytes } from '#core/ip/udp.ts';
import type { IpHeader } from './ip-header.ts';
import { equalAddressAt } from './outer-header.ts';
import type { OutboundAssociation, OutboundInterface, OutboundTable } from './outbound-table.ts';

/** How deep a packet may be (NetBSD's limit): 0 plain, 1 ESP of our own. */
export const deepestNesting = 1;

/** What `depthOf` answers for a packet that was sealed by the interface it enters again. */
export const ownTunnel = -1;

/** Finds the depth of packets; remembers that of a fragment for its later parts, which come without an ESP header. */
export class NestingGuard {
  #fragmentSlot = 0;
  #fragmentId = -1;
  #fragmentDepth = 0;

  /** Depth of the packet at `offset`, whose header has been read: 0 plain, 1 ESP of our own …, or `ownTunnel`. */
  depthOf(
    table: OutboundTable,
    entered: OutboundInterface,
    header: IpHeader,
    bytes: Uint8Array,
    offset: number,
  ): number {
    if (header.family === 4 && header.protocol !== IpProtocol.esp && header.protocol !== IpProtocol.udp) return 0;
    if (!header.findUpperLayer(bytes, offset)) return 0;
    if (header.isLaterFragment) {
      return header.fragmentId === this.#fragmentId && entered.slot === this.#fragmentSlot ? this.#fragmentDepth : 0;
    }
    const sealedBy = findSealer(table, header, bytes, offset);
    const depth = sealedBy === null ? 0 : depthAfter(sealedBy, entered, bytes, offset + header.upperOffset);
    if (header.isFragment) {
      this.#fragmentSlot = entered.slot;
      this.#fragmentId = header.fragmentId;
      this.#fragmentDepth = depth;
    }
    return depth;
  }
}

function depthAfter(
  sealedBy: OutboundAssociation,
  entered: OutboundInterface,
  bytes: Uint8Array,
  upper: number,
): number {
  if (sealedBy === entered.ipv4?.association || sealedBy === entered.ipv6?.association) return ownTunnel;
  const sequenceAt = upper + (sealedBy.sa.udp === null ? 0 : udpHeaderBytes) + 4;
  return sealedBy.state.depthOf(readU32(bytes, sequenceAt)) + 1;
}

/** The outbound association that sealed this packet, by SPI, destination and encapsulation; null for a stranger's. */
function findSealer(
  table: OutboundTable,
  header: IpHeader,
  bytes: Uint8Array,
  offset: number,
): OutboundAssociation | null {
  const isUdp = header.protocol === IpProtocol.udp;
  if (!isUdp && header.protocol !== IpProtocol.esp) return null;
  const espOffset = header.upperOffset + (isUdp ? udpHeaderBytes : 0);
  if (espOffset + 8 > header.totalLength) return null;
  const destinationPort = isUdp ? readU16(bytes, offset + header.upperOffset + 2) : 0;
  const destination = offset + (header.family === 4 ? ipv4DestinationAt : ipv6DestinationAt);
  let candidate = table.bySpi.get(readU32(bytes, offset + espOffset)) ?? null;
  while (candidate !== null) {
    const { family, udp } = candidate.sa;
    const fits = family === header.family && (udp === null ? 0 : udp.destinationPort) === destinationPort;
    if (fits && equalAddressAt(candidate.sa.destination, 0, bytes, destination, family)) return candidate;
    candidate = candidate.nextWithSpi;
  }
  return null;
}
