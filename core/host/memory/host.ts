/**
 * A host of the in-process network: interfaces, addresses, a routing table, forwarding, ICMP echo, UDP, and handlers
 * for other protocols. As much of an IP stack as the tunnel's surroundings need, in the way of RFC 1122 and RFC 1812.
 *
 * Not here: TCP, neighbour discovery (links know who has an address), ICMP errors other than "too big".
 * @module
 */
import { addressFamily, type IpAddress } from '#core/ip/address.ts';
import { checkIpHeader, HeaderCheck, ipPacketLength } from '#core/ip/header-check.ts';
import { emitFragmentationNeeded, emitPacketTooBig, mayAnswerIpv4, mayAnswerIpv6 } from '#core/ip/icmp.ts';
import { hasDontFragment, ipv4HeaderLength, ipv4Protocol, ipVersion } from '#core/ip/ipv4.ts';
import { ipv4TimeToLive, writeIpv4Checksum } from '#core/ip/ipv4.ts';
import { ipv6HeaderBytes, ipv6MinimumMtu, ipv6NextHeader } from '#core/ip/ipv6.ts';
import { hostPrefix, parsePrefix, type IpPrefix } from '#core/ip/prefix.ts';
import { IpProtocol } from '#core/ip/protocol.ts';
import { addressBytes } from '#core/ip/address.ts';
import type { InnerAddress } from '#core/tunnel/port/host-port.ts';
import type { VirtualClock } from './clock.ts';
import { EchoService, type PingOptions, type PingResult } from './echo-service.ts';
import { fragmentIpv4, fragmentIpv6, isFragment, Reassembler } from './fragments.ts';
import { packetDestination } from './ip-packet.ts';
import type { Link } from './link.ts';
import { PathMtus } from './path-mtus.ts';
import { RoutingTable, type Route } from './routing-table.ts';
import { UdpService } from './udp-service.ts';

/** An interface of a host. */
export type HostInterface = {
  readonly name: string;
  mtu: number;
  isUp: boolean;
  readonly addresses: InnerAddress[];
  /** Send a packet out; it is the interface's from then on. */
  readonly send: (packet: Uint8Array, nextHop: IpAddress) => void;
};

/** What a packet listener hears: every packet that enters or leaves an interface. It must not keep or change it. */
export type PacketTap = (direction: 'in' | 'out', interfaceName: string, packet: Uint8Array) => void;

/** Takes a packet for this host, from the upper-layer header on. `packet` is whole and the handler's own. */
export type ProtocolHandler = (packet: Uint8Array, upperOffset: number) => void;

/** Why a host dropped packets. */
export type HostDrops = Record<
  'header' | 'notForUs' | 'timeToLive' | 'noRoute' | 'tooBig' | 'noProtocol' | 'udp',
  number
>;

/** A host. */
export class Host {
  readonly name: string;
  readonly clock: VirtualClock;
  readonly routes = new RoutingTable();
  readonly drops: HostDrops = { header: 0, notForUs: 0, timeToLive: 0, noRoute: 0, tooBig: 0, noProtocol: 0, udp: 0 };
  readonly udp: UdpService;
  isForwarding: boolean;
  readonly #echo: EchoService;
  readonly #interfaces = new Map<string, HostInterface>();
  /** Own address → interface. */
  readonly #own = new Map<IpAddress, string>();
  readonly #protocols = new Map<number, Set<ProtocolHandler>>();
  readonly #taps = new Set<PacketTap>();
  readonly #reassembler = new Reassembler();
  readonly #pathMtus = new PathMtus();
  #identification = 0;

  constructor(name: string, clock: VirtualClock, isForwarding = false) {
    this.name = name;
    this.clock = clock;
    this.isForwarding = isForwarding;
    const isOwn = (address: IpAddress): boolean => this.hasAddress(address);
    for (const protocol of [IpProtocol.icmp, IpProtocol.icmpv6]) {
      this.onProtocol(protocol, (packet, upper) => this.#pathMtus.learn(packet, upper, isOwn, clock.now()));
    }
    this.#echo = new EchoService(this);
    this.udp = new UdpService(this);
  }

  /** Put an interface on a link, up. */
  connect(name: string, link: Link): void {
    const port = link.attach({
      hasAddress: (address) => this.#own.get(address) === name,
      receive: (packet) => this.receive(name, packet),
    });
    this.addInterface({ name, mtu: port.mtu, isUp: true, addresses: [], send: port.send });
  }

  /** Add an interface of any kind. */
  addInterface(added: HostInterface): void {
    if (this.#interfaces.has(added.name)) throw new Error(`${this.name} has an interface ${added.name}`);
    this.#interfaces.set(added.name, added);
  }

  /** Remove an interface with its addresses and routes. */
  removeInterface(name: string): void {
    for (const { address } of [...this.interfaceOf(name).addresses]) this.removeAddress(name, address);
    this.routes.removeWhere((route) => route.interfaceName === name);
    this.#interfaces.delete(name);
  }

  /** @throws {Error} when there is none of this name. */
  interfaceOf(name: string): HostInterface {
    const found = this.#interfaces.get(name);
    if (found === undefined) throw new Error(`${this.name} has no interface ${name}`);
    return found;
  }

  /** All interfaces. */
  interfaces(): Iterable<HostInterface> {
    return this.#interfaces.values();
  }

  /** Whether there is an interface of this name. */
  hasInterface(name: string): boolean {
    return this.#interfaces.has(name);
  }

  /** Give an interface an address, with the route to its peer or its prefix. */
  addAddress(name: string, added: InnerAddress): void {
    this.interfaceOf(name).addresses.push(added);
    this.#own.set(added.address, name);
    this.routes.add({ prefix: connectedPrefix(added), interfaceName: name, gateway: null });
  }

  /** Take an address and its route away. */
  removeAddress(name: string, address: IpAddress): void {
    const { addresses } = this.interfaceOf(name);
    const index = addresses.findIndex((candidate) => candidate.address === address);
    const [removed] = index < 0 ? [] : addresses.splice(index, 1);
    if (removed === undefined) return;
    this.#own.delete(address);
    const prefix = connectedPrefix(removed);
    this.routes.removeWhere(
      (route) => route.interfaceName === name && route.gateway === null && route.prefix === prefix,
    );
  }

  /** Route a prefix to a gateway; one of our own addresses means its interface, as on BSD. */
  addRoute(prefix: IpPrefix, gateway: IpAddress): void {
    const ownInterface = this.#own.get(gateway);
    const interfaceName = ownInterface ?? this.routes.find(gateway)?.interfaceName;
    if (interfaceName === undefined) throw new Error(`${this.name} cannot reach the gateway ${gateway}`);
    this.routes.add({ prefix, interfaceName, gateway: ownInterface === undefined ? gateway : null });
  }

  /** Whether the address is one of ours. */
  hasAddress(address: IpAddress): boolean {
    return this.#own.has(address);
  }

  /** MTU of the path to an address, as far as this host knows; 0 where there is no route. */
  pathMtu(destination: IpAddress): number {
    return Math.min(this.routeMtu(destination), this.#pathMtus.mtuTo(destination, this.clock.now()));
  }

  /** MTU of the interface towards an address, whatever ICMP told; 0 where there is no route. */
  routeMtu(destination: IpAddress): number {
    const route = this.#findRoute(destination);
    return route === null ? 0 : this.interfaceOf(route.interfaceName).mtu;
  }

  /** The source that a packet to `destination` gets; null where there is no route. */
  sourceFor(destination: IpAddress): IpAddress | null {
    if (this.hasAddress(destination)) return destination;
    const route = this.#findRoute(destination);
    if (route === null) return null;
    const family = addressFamily(destination);
    const isFitting = (address: IpAddress): boolean => addressFamily(address) === family;
    if (route.source != null) return route.source;
    const own = this.interfaceOf(route.interfaceName).addresses.map(({ address }) => address);
    return own.find(isFitting) ?? [...this.#own.keys()].find(isFitting) ?? null;
  }

  /** Take packets of an IP protocol that are for this host. Returns how to stop. */
  onProtocol(protocol: number, handler: ProtocolHandler): () => void {
    const handlers = this.#protocols.get(protocol) ?? new Set();
    this.#protocols.set(protocol, handlers);
    handlers.add(handler);
    return () => handlers.delete(handler);
  }

  /** Hear every packet at every interface. Returns how to stop. */
  tap(listener: PacketTap): () => void {
    this.#taps.add(listener);
    return () => this.#taps.delete(listener);
  }

  /** Send a packet of our own. */
  send(packet: Uint8Array): void {
    const destination = packetDestination(packet);
    if (this.hasAddress(destination)) this.clock.schedule(0, () => this.#deliver(packet));
    else this.#output(packet, destination, this.pathMtu(destination), false);
  }

  /** Send a packet of our own that heeds nothing which ICMP told (IP_PMTUDISC_PROBE and IP_PMTUDISC_OMIT of ip(7)). */
  sendByRoute(packet: Uint8Array): void {
    const destination = packetDestination(packet);
    if (this.hasAddress(destination)) this.send(packet);
    else this.#output(packet, destination, this.routeMtu(destination), false);
  }

  /** Ask for echoes and let time pass until they came or were given up. */
  ping(destination: IpAddress, options: PingOptions = {}): PingResult {
    return this.#echo.ping(destination, options);
  }

  /** Take a packet that came in at an interface. */
  receive(interfaceName: string, packet: Uint8Array): void {
    if (!this.#interfaces.get(interfaceName)?.isUp) return;
    for (const listener of this.#taps) listener('in', interfaceName, packet);
    if (checkIpHeader(packet, 0, packet.length, 0) !== HeaderCheck.valid) {
      this.drops.header++;
      return;
    }
    const length = ipPacketLength(packet, 0);
    const whole = length === packet.length ? packet : packet.slice(0, length);
    const destination = packetDestination(whole);
    if (this.hasAddress(destination)) this.#deliver(whole);
    else if (this.isForwarding) this.#forward(whole, destination);
    else this.drops.notForUs++;
  }

  #deliver(packet: Uint8Array): void {
    const isIpv4 = ipVersion(packet, 0) === 4;
    const whole = isFragment(packet) ? this.#reassembler.take(packet, this.clock.now()) : packet;
    if (whole === null) return;
    const protocol = isIpv4 ? ipv4Protocol(whole, 0) : ipv6NextHeader(whole, 0);
    const handlers = this.#protocols.get(protocol);
    if (handlers === undefined || handlers.size === 0) this.drops.noProtocol++;
    const upperOffset = isIpv4 ? ipv4HeaderLength(whole, 0) : ipv6HeaderBytes;
    for (const handler of [...(handlers ?? [])]) handler(whole, upperOffset);
  }

  #forward(packet: Uint8Array, destination: IpAddress): void {
    const hopsLeft = ipVersion(packet, 0) === 4 ? ipv4TimeToLive(packet, 0) : packet[7]!;
    if (hopsLeft <= 1) {
      this.drops.timeToLive++;
      return;
    }
    const forwarded = packet.slice();
    forwarded[ipVersion(packet, 0) === 4 ? 8 : 7] = hopsLeft - 1;
    if (ipVersion(packet, 0) === 4) writeIpv4Checksum(forwarded, 0);
    this.#output(forwarded, destination, this.routeMtu(destination), true);
  }

  #output(packet: Uint8Array, destination: IpAddress, mtu: number, isForwarded: boolean): void {
    const route = this.#findRoute(destination);
    if (route === null) {
      this.drops.noRoute++;
      return;
    }
    const out = this.interfaceOf(route.interfaceName);
    const nextHop = route.gateway ?? destination;
    const isIpv4 = ipVersion(packet, 0) === 4;
    if (packet.length <= mtu) {
      this.#transmit(out, packet, nextHop);
    } else if (isIpv4 && !hasDontFragment(packet, 0)) {
      for (const piece of fragmentIpv4(packet, mtu)) this.#transmit(out, piece, nextHop);
    } else if (!isIpv4 && !isForwarded && !isFragment(packet)) {
      for (const piece of fragmentIpv6(packet, mtu, ++this.#identification)) this.#transmit(out, piece, nextHop);
    } else {
      this.drops.tooBig++;
      if (isForwarded) this.#answerTooBig(packet, out.mtu);
    }
  }

  #transmit(out: HostInterface, packet: Uint8Array, nextHop: IpAddress): void {
    for (const listener of this.#taps) listener('out', out.name, packet);
    out.send(packet, nextHop);
  }

  #answerTooBig(packet: Uint8Array, mtu: number): void {
    const family = ipVersion(packet, 0);
    const source = [...this.#own.keys()].find((address) => addressFamily(address) === family);
    const mayAnswer = family === 4 ? mayAnswerIpv4 : mayAnswerIpv6;
    if (source === undefined || !mayAnswer(packet, 0, packet.length)) return;
    const answer = new Uint8Array(ipv6MinimumMtu);
    const tooBig = { bytes: packet, offset: 0, length: packet.length, mtu, source: addressBytes(source) };
    const length = (family === 4 ? emitFragmentationNeeded : emitPacketTooBig)(tooBig, answer, 0);
    this.send(answer.slice(0, length));
  }

  #findRoute(destination: IpAddress): Route | null {
    const isUsable = ({ nowhere, interfaceName }: Route): boolean =>
      nowhere !== undefined || this.#interfaces.get(interfaceName)?.isUp === true;
    const found = this.routes.find(destination, isUsable);
    return found?.nowhere === undefined ? found : null;
  }
}

/** What an address makes reachable: its peer, or the prefix that it lies in. */
function connectedPrefix({ address, prefixLength, peer }: InnerAddress): IpPrefix {
  return peer === null ? parsePrefix(`${address}/${prefixLength}`) : hostPrefix(peer);
}
