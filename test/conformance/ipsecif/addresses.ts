/**
 * The topology of NetBSD's tests/net/if_ipsec/t_ipsec.sh: two routers, each with a local network, joined by one wire;
 * the tunnel between them, and the addresses of the further tunnels that some cases make.
 * @module
 */

/** An IP version, as the names of the cases spell it. */
export type Family = 'ipv4' | 'ipv6';

/** An address of each version. */
export type AddressPair = Readonly<Record<Family, string>>;

/** Everything that one router is called. */
export type RouterAddresses = {
  readonly lan: AddressPair;
  /** The local network as a prefix. */
  readonly network: AddressPair;
  readonly wan: AddressPair;
  /** Inside ipsec0. */
  readonly inner: AddressPair;
  /** Second addresses on the wire, and inside the ipsec1 between them (case `ioctl`). */
  readonly dummyWan: AddressPair;
  readonly dummyInner: AddressPair;
  /** Inside ipsec1 and ipsec2 of the case `recursive`. */
  readonly recursive1: AddressPair;
  readonly recursive2: AddressPair;
};

/** Prefix length on the wire and the local networks. NetBSD's test has /8 on the wire; every address lies in both. */
export const prefixLength = { ipv4: 24, ipv6: 64 } as const;
/** Prefix length of a tunnel's own address. */
export const hostPrefixLength = { ipv4: 32, ipv6: 128 } as const;

/** Router 1 and router 2. */
export const routerAddresses: { readonly one: RouterAddresses; readonly two: RouterAddresses } = {
  one: {
    lan: { ipv4: '192.168.1.1', ipv6: 'fc00:1::1' },
    network: { ipv4: '192.168.1.0/24', ipv6: 'fc00:1::/64' },
    wan: { ipv4: '10.0.0.1', ipv6: 'fc00::1' },
    inner: { ipv4: '172.16.1.1', ipv6: 'fc00:3::1' },
    dummyWan: { ipv4: '10.0.0.11', ipv6: 'fc00::11' },
    dummyInner: { ipv4: '172.16.11.1', ipv6: 'fc00:13::1' },
    recursive1: { ipv4: '172.16.101.1', ipv6: 'fc00:103::1' },
    recursive2: { ipv4: '172.16.201.1', ipv6: 'fc00:203::1' },
  },
  two: {
    lan: { ipv4: '192.168.2.1', ipv6: 'fc00:2::1' },
    network: { ipv4: '192.168.2.0/24', ipv6: 'fc00:2::/64' },
    wan: { ipv4: '10.0.0.2', ipv6: 'fc00::2' },
    inner: { ipv4: '172.16.2.1', ipv6: 'fc00:4::1' },
    dummyWan: { ipv4: '10.0.0.12', ipv6: 'fc00::12' },
    dummyInner: { ipv4: '172.16.12.1', ipv6: 'fc00:14::1' },
    recursive1: { ipv4: '172.16.102.1', ipv6: 'fc00:104::1' },
    recursive2: { ipv4: '172.16.202.1', ipv6: 'fc00:204::1' },
  },
};
