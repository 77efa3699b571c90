/**
 * The outer addresses of an interface with their UDP ports: NetBSD's variant (if_ipsec.h: struct ipsec_variant), and
 * the argument checks of setting one (if_ipsec.c: if_ipsec_ioctl).
 *
 * NetBSD leaves unusable addresses to be found out packet by packet; here they are refused before anything changes. So are
 * link-local IPv6 addresses, which NetBSD takes: the sockets here are of an address, and of no link.
 * @module
 */
import { IpsecError } from '#core/base/error.ts';
import { refuseIkePort } from '#core/esp/ike-port.ts';
import {
  addressFamily,
  isBroadcast,
  isIpv6LinkLocal,
  isMulticast,
  isUnspecified,
  type IpAddress,
} from '#core/ip/address.ts';

/** Outer addresses; ports are 0 where not set. */
export type OuterPair = {
  readonly local: IpAddress;
  readonly peer: IpAddress;
  readonly localPort: number;
  readonly peerPort: number;
};

/** @throws {IpsecError} `ADDRESS_FAMILY_MIXED` (EINVAL) first, then `ADDRESS_UNUSABLE` (EADDRNOTAVAIL), then `PORT_IKE` and `PORT_RANGE`. */
export function checkOuterPair({ local, peer, localPort, peerPort }: OuterPair): void {
  if (addressFamily(local) !== addressFamily(peer)) {
    throw new IpsecError('ADDRESS_FAMILY_MIXED', `${local} and ${peer} are of different families`, { field: 'peer' });
  }
  checkHost('local', local);
  checkHost('peer', peer);
  checkPort('localPort', localPort);
  checkPort('peerPort', peerPort);
}

/** Whether nothing would change. Addresses and ports are compared separately (NetBSD's own comparison fails with ports). */
export function isSamePair(left: OuterPair, right: OuterPair): boolean {
  return (
    left.local === right.local &&
    left.peer === right.peer &&
    left.localPort === right.localPort &&
    left.peerPort === right.peerPort
  );
}

/** Whether a port is set, which only NAT-T (link0) may have. */
export function hasPorts(pair: OuterPair): boolean {
  return pair.localPort !== 0 || pair.peerPort !== 0;
}

/** A text that is equal exactly for equal addresses, whatever the ports. */
export function pairKey({ local, peer }: OuterPair): string {
  return `${local} ${peer}`;
}

function checkHost(field: string, address: IpAddress): void {
  if (isIpv6LinkLocal(address)) {
    const message = `${field} ${address} is a link-local address, which outer packets cannot have`;
    throw new IpsecError('ADDRESS_UNUSABLE', message, { field });
  }
  if (!isUnspecified(address) && !isMulticast(address) && !isBroadcast(address)) return;
  throw new IpsecError('ADDRESS_UNUSABLE', `${field} ${address} is not the address of a host`, { field });
}

function checkPort(field: string, port: number): void {
  refuseIkePort(field, port);
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return;
  throw new IpsecError('PORT_RANGE', `${field} ${port} is not a number from 0 to 65535`, { field });
}
