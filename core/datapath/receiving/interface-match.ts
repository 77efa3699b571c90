/**
 * Which interface an authentic packet enters, and whether that interface's policy takes it (if_ipsec.c's encap function,
 * RFC 4301 §5.2 step 4). By the packet's own source address and ports, which must be those of the interface that its
 * association belongs to; its destination is the association's.
 * @module
 */
import type { InboundAssociation } from '#core/datapath/inbound-table.ts';
import { equalAddressAt } from '#core/datapath/outer-header.ts';
import { AddressEntry } from '#core/datapath/ports.ts';
import type { SnapshotPolicy } from '#core/datapath/snapshot.ts';
import { takesPorts, type InboundInterface } from './interface-group.ts';

/**
 * The interface for a packet from entry `sender` of `senders`, or null. It is the one that has the association's ports: who
 * holds the keys of one tunnel may write another's port into a UDP header, and must not enter there. From elsewhere than
 * its peer, or from a port that it does not take, a packet in UDP enters it only if it follows its peer: what is authentic
 * may come from anywhere then (RFC 4301 §4.1). Where no interface has the association's ports, the packet's decide.
 */
export function findInterface(
  { interfaces, udp }: InboundAssociation,
  senders: Uint8Array,
  sender: number,
  sourcePort: number,
  destinationPort: number,
  isUdp: boolean,
): InboundInterface | null {
  const address = sender * AddressEntry.stride + AddressEntry.address;
  const isPeer = equalAddressAt(interfaces.peer, 0, senders, address, interfaces.family);
  const owner = udp === null ? null : interfaces.find(udp.sourcePort, udp.destinationPort);
  if (owner === null) return isPeer ? interfaces.find(sourcePort, destinationPort) : null;
  if (isPeer && takesPorts(owner.outer, sourcePort, destinationPort)) return owner;
  return isUdp && owner.row.followsPeer ? owner : null;
}

/** The interface's inbound policy (RFC 4301 §5.2 step 4): protected, by an association of its own reqid unless it names none. */
export function fitsPolicy(policy: SnapshotPolicy | null, reqid: number): boolean {
  if (policy === null || policy.action !== 'protect') return false;
  return policy.inboundReqid === 0 || policy.inboundReqid === reqid;
}
