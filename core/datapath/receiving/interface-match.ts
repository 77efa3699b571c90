/**
 * Which interface an authentic packet enters, and whether that interface's policy takes it (if_ipsec.c's encap function,
 * RFC 4301 §5.2 step 4). By the packet's own source address and ports; its destination is the association's.
 *
 * Interfaces with one outer pair (link0) are told apart by their ports; 0 takes any, and the exact one comes first
 * (inbound-table.ts sorts them).
 * @module
 */
import type { InboundAssociation, InboundInterface } from '#core/datapath/inbound-table.ts';
import { equalAddressAt } from '#core/datapath/outer-header.ts';
import { AddressEntry } from '#core/datapath/ports.ts';
import type { SnapshotPolicy } from '#core/datapath/snapshot.ts';

/**
 * The interface for a packet from entry `sender` of `senders`, or null. From elsewhere than its peer it belongs to the
 * interface that the association's own ports name, if that follows its peer: what is authentic may come from anywhere
 * then (RFC 4301 §4.1).
 */
export function findInterface(
  { interfaces, sa }: InboundAssociation,
  senders: Uint8Array,
  sender: number,
  sourcePort: number,
  destinationPort: number,
  isUdp: boolean,
): InboundInterface | null {
  const address = sender * AddressEntry.stride + AddressEntry.address;
  for (let position = 0; position < interfaces.length; position++) {
    const candidate = interfaces[position];
    if (candidate === undefined || !hasPorts(candidate, sourcePort, destinationPort)) continue;
    const { peer, family } = candidate.outer;
    if (equalAddressAt(peer, 0, senders, address, family)) return candidate;
  }
  if (sa.udp === null || !isUdp) return null;
  for (let position = 0; position < interfaces.length; position++) {
    const candidate = interfaces[position];
    if (candidate?.row.followsPeer !== true) continue;
    if (hasPorts(candidate, sa.udp.sourcePort, sa.udp.destinationPort)) return candidate;
  }
  return null;
}

/** The interface's inbound policy (RFC 4301 §5.2 step 4): protected, by an association of its own reqid unless it names none. */
export function fitsPolicy(policy: SnapshotPolicy | null, reqid: number): boolean {
  if (policy === null || policy.action !== 'protect') return false;
  return policy.inboundReqid === 0 || policy.inboundReqid === reqid;
}

/** Whether ports are an interface's; 0 in one of its own means any. */
function hasPorts({ outer }: InboundInterface, peerPort: number, localPort: number): boolean {
  return (
    (outer.localPort === 0 || outer.localPort === localPort) && (outer.peerPort === 0 || outer.peerPort === peerPort)
  );
}
