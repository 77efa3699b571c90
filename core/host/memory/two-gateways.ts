/**
 * The picture of ipsecif(4) over the in-process network, ready to be configured: Host_X - NetBSD_A = NetBSD_B - Host_Y.
 * Both gateways run the same code as culvertd; the tunnel, its associations and the routes into it are up to the caller.
 *
 * With `isBehindNat` a NAT box stands in front of NetBSD_A, whose own wire address is then private.
 * @module
 */
import { silentLog, type Log } from '#core/base/port.ts';
import { PortableTransform } from '#core/crypto/portable-transform.ts';
import { parseIpAddress, type IpAddress } from '#core/ip/address.ts';
import { parsePrefix } from '#core/ip/prefix.ts';
import { Gateway } from '#core/tunnel/gateway.ts';
import { VirtualClock } from './clock.ts';
import { Host } from './host.ts';
import { Link, type LinkOptions } from './link.ts';
import { MemoryHost } from './memory-host.ts';
import { Nat } from './nat.ts';
import { SeededRandom } from './seeded-random.ts';
import { VolatileIvStore } from './volatile-iv-store.ts';

/** An address of each IP version. */
export type AddressPair = { readonly 4: string; readonly 6: string };

/** The addresses of one half of the picture. */
export type SideAddresses = {
  readonly gatewayName: string;
  readonly hostName: string;
  /** The gateway's on the wire (wm0). */
  readonly wire: AddressPair;
  /** The gateway's inside the tunnel (ipsec0). */
  readonly inner: AddressPair;
  /** The gateway's on its local network (wm1). */
  readonly gateway: AddressPair;
  readonly host: AddressPair;
  /** The local network, as a prefix. */
  readonly network: AddressPair;
};

/** How to build it. */
export type TwoGatewaysOptions = {
  readonly seed?: number;
  /** When its time begins. */
  readonly startMs?: number;
  /** Between the gateways. */
  readonly wire?: LinkOptions;
  readonly isBehindNat?: boolean;
  readonly allowWeak?: boolean;
  readonly log?: Log;
  readonly sides?: { readonly a: SideAddresses; readonly b: SideAddresses };
};

/** One half of the picture. */
export type Side = {
  readonly addresses: SideAddresses;
  /** The host behind the gateway. */
  readonly host: Host;
  /** The gateway's own IP stack. */
  readonly router: Host;
  readonly machine: MemoryHost;
  readonly gateway: Gateway;
  /** The gateway's own address on the wire, and the one that the peer sees: they differ behind a NAT box. */
  readonly wireAddress: Readonly<Record<4 | 6, IpAddress>>;
  readonly publicAddress: Readonly<Record<4 | 6, IpAddress>>;
};

/** All of it. */
export type TwoGateways = {
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
  /** Where a capture sees what passes between the gateways. */
  readonly wire: Link;
  readonly nat: Nat | null;
  readonly a: Side;
  readonly b: Side;
};

/** Addresses for documentation and private use (RFC 5737, RFC 3849, RFC 1918, RFC 4193). */
export const pictureAddresses: { readonly a: SideAddresses; readonly b: SideAddresses } = {
  a: {
    gatewayName: 'NetBSD_A',
    hostName: 'Host_X',
    wire: { 4: '203.0.113.1', 6: '2001:db8:113::1' },
    inner: { 4: '172.16.100.1', 6: 'fd00:100::1' },
    gateway: { 4: '192.168.100.1', 6: '2001:db8:100::1' },
    host: { 4: '192.168.100.2', 6: '2001:db8:100::2' },
    network: { 4: '192.168.100.0/24', 6: '2001:db8:100::/64' },
  },
  b: {
    gatewayName: 'NetBSD_B',
    hostName: 'Host_Y',
    wire: { 4: '203.0.113.2', 6: '2001:db8:113::2' },
    inner: { 4: '172.16.200.1', 6: 'fd00:200::1' },
    gateway: { 4: '192.168.200.1', 6: '2001:db8:200::1' },
    host: { 4: '192.168.200.2', 6: '2001:db8:200::2' },
    network: { 4: '192.168.200.0/24', 6: '2001:db8:200::/64' },
  },
};

const prefixLength = { 4: 24, 6: 64 } as const;
/** Behind the NAT box. */
const privateWire = { gateway: '10.77.0.2', router: '10.77.0.1' } as const;

/** Build the picture. Nothing is configured yet: without a tunnel the hosts reach their own gateway and no more. */
export function buildTwoGateways(options: TwoGatewaysOptions = {}): TwoGateways {
  const clock = new VirtualClock(options.startMs);
  const random = new SeededRandom(options.seed ?? 1);
  const wire = new Link(clock, random, options.wire);
  const base = { clock, random, options };
  const sides = options.sides ?? pictureAddresses;
  const b = buildSide({ ...base, wire, addresses: sides.b, wireAddress: sides.b.wire });
  if (options.isBehindNat !== true) {
    const a = buildSide({ ...base, wire, addresses: sides.a, wireAddress: sides.a.wire });
    return { clock, random, wire, nat: null, a, b };
  }
  const inside = new Link(clock, random);
  const insideAddress = parseIpAddress(privateWire.router);
  const nat = new Nat({ inside, insideAddress, outside: wire, outsideAddress: parseIpAddress(sides.a.wire[4]) });
  const wireAddress = { ...sides.a.wire, 4: privateWire.gateway };
  const a = buildSide({ ...base, wire: inside, addresses: sides.a, wireAddress });
  a.router.addRoute(parsePrefix('0.0.0.0/0'), insideAddress);
  return { clock, random, wire, nat, a, b };
}

type SideParts = {
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
  readonly options: TwoGatewaysOptions;
  readonly wire: Link;
  readonly addresses: SideAddresses;
  readonly wireAddress: AddressPair;
};

function buildSide({ clock, random, options, wire, addresses, wireAddress }: SideParts): Side {
  const router = new Host(addresses.gatewayName, clock, true);
  const host = new Host(addresses.hostName, clock);
  const local = new Link(clock, random);
  router.connect('wm0', wire);
  router.connect('wm1', local);
  host.connect('wm0', local);
  addPair(router, 'wm0', wireAddress);
  addPair(router, 'wm1', addresses.gateway);
  addPair(host, 'wm0', addresses.host);
  host.addRoute(parsePrefix('0.0.0.0/0'), parseIpAddress(addresses.gateway[4]));
  host.addRoute(parsePrefix('::/0'), parseIpAddress(addresses.gateway[6]));
  const transforms = new PortableTransform(random);
  const machine = new MemoryHost(router, transforms, random);
  const gateway = new Gateway({
    host: machine,
    datapath: machine,
    transforms,
    ivStore: new VolatileIvStore(),
    clock,
    random,
    log: options.log ?? silentLog,
    options: { helperVersion: 'memory', pid: 1, datapath: 'memory', allowWeak: options.allowWeak ?? false },
  });
  const parsed = { wireAddress: parsePair(wireAddress), publicAddress: parsePair(addresses.wire) };
  return { addresses, host, router, machine, gateway, ...parsed };
}

function addPair(host: Host, name: string, pair: AddressPair): void {
  for (const family of [4, 6] as const) {
    const address = parseIpAddress(pair[family]);
    host.addAddress(name, { address, prefixLength: prefixLength[family], peer: null });
  }
}

function parsePair(pair: AddressPair): Record<4 | 6, IpAddress> {
  return { 4: parseIpAddress(pair[4]), 6: parseIpAddress(pair[6]) };
}
