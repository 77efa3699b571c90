/**
 * The addresses of the picture in ipsecif(4): two hosts, two gateways, a wire between them, a tunnel over it.
 * Documentation and private ranges only (RFC 1918, RFC 3849, RFC 4193, RFC 5737).
 * @module
 */

/** An IP version. */
export type Family = 4 | 6;

/** An address of each version, without a prefix length. */
export type AddressPair = { readonly 4: string; readonly 6: string };

/** One half of the picture: a gateway and the host behind it. */
export type Side = {
  /** What the picture calls them. */
  readonly gatewayName: string;
  readonly hostName: string;
  /** The gateway's address on the wire (wm0). */
  readonly wire: AddressPair;
  /** The gateway's inner address (ipsec0). */
  readonly inner: AddressPair;
  /** The gateway's address on its local network (wm1). */
  readonly gateway: AddressPair;
  /** The host's address on the local network. */
  readonly host: AddressPair;
  /** The local network, as a prefix. */
  readonly network: AddressPair;
};

/** Host_X and NetBSD_A. */
export const sideA: Side = {
  gatewayName: 'NetBSD_A',
  hostName: 'Host_X',
  wire: { 4: '203.0.113.1', 6: '2001:db8:113::1' },
  inner: { 4: '172.16.100.1', 6: 'fd00:100::1' },
  gateway: { 4: '192.168.100.1', 6: '2001:db8:100::1' },
  host: { 4: '192.168.100.2', 6: '2001:db8:100::2' },
  network: { 4: '192.168.100.0/24', 6: '2001:db8:100::/64' },
};

/** Host_Y and NetBSD_B. */
export const sideB: Side = {
  gatewayName: 'NetBSD_B',
  hostName: 'Host_Y',
  wire: { 4: '203.0.113.2', 6: '2001:db8:113::2' },
  inner: { 4: '172.16.200.1', 6: 'fd00:200::1' },
  gateway: { 4: '192.168.200.1', 6: '2001:db8:200::1' },
  host: { 4: '192.168.200.2', 6: '2001:db8:200::2' },
  network: { 4: '192.168.200.0/24', 6: '2001:db8:200::/64' },
};

/** Prefix length of every network in the picture, by IP version. */
export const networkPrefixLength = { 4: 24, 6: 64 } as const;

/** The UDP port of ESP in UDP (RFC 3948 §2.1). */
export const natTPort = 4500;

/** MTU of the tunnel: what the largest overhead (IPv6, UDP, ESP with a 16-byte ICV) leaves of 1500, rounded down. */
export const tunnelMtu = 1400;
