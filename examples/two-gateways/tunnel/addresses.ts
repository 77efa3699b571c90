/**
 * The addresses of the picture in ipsecif(4), the same in network namespaces and in the in-process network, and what
 * else the two gateways have agreed on.
 * @module
 */
import { pictureAddresses, type SideAddresses } from '#core/host/memory/two-gateways.ts';

/** An IP version. */
export type Family = 4 | 6;

/** Host_X and NetBSD_A. */
export const sideA: SideAddresses = pictureAddresses.a;

/** Host_Y and NetBSD_B. */
export const sideB: SideAddresses = pictureAddresses.b;

/** Prefix length of every network in the picture, by IP version. */
export const networkPrefixLength = { 4: 24, 6: 64 } as const;

/** MTU of the tunnel: what the largest overhead (IPv6, UDP, ESP with a 16-byte ICV) leaves of 1500, rounded down. */
export const tunnelMtu = 1400;
