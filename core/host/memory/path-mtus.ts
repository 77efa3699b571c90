/**
 * What a host of the in-process network has learned of the MTUs on its paths, from ICMP "fragmentation needed" (RFC 1191)
 * and ICMPv6 "packet too big" (RFC 8201). It is forgotten after ten minutes, so that a path that became wider is found
 * (RFC 1191 §6.3). An answer to a packet that is none of this host's own is not believed (RFC 8201 §4).
 * @module
 */
import { readU16, readU32 } from '#core/base/bytes.ts';
import type { IpAddress } from '#core/ip/address.ts';
import { ipVersion } from '#core/ip/ipv4.ts';
import { ipv6HeaderBytes, ipv6MinimumMtu } from '#core/ip/ipv6.ts';
import { packetDestination, packetSource } from './ip-packet.ts';

const rememberedMs = 600_000;
/** Linux's floor for what ICMP says about IPv4 (net.ipv4.route.min_pmtu). */
const leastIpv4Mtu = 552;
/** Bytes of an ICMP error before the packet that it quotes. */
const icmpErrorBytes = 8;

/** The paths of one host. */
export class PathMtus {
  readonly #known = new Map<IpAddress, { readonly mtu: number; readonly untilMs: number }>();

  /** Take an ICMP message whose header starts at `upper`; anything but "too big" changes nothing. */
  learn(packet: Uint8Array, upper: number, isOwn: (address: IpAddress) => boolean, now: number): void {
    const isIpv4 = ipVersion(packet, 0) === 4;
    const quoted = packet.subarray(upper + icmpErrorBytes);
    if (quoted.length < (isIpv4 ? 20 : ipv6HeaderBytes) || readU16(packet, upper) !== (isIpv4 ? 0x0304 : 0x0200))
      return;
    if (ipVersion(quoted, 0) !== (isIpv4 ? 4 : 6) || !isOwn(packetSource(quoted))) return;
    const told = isIpv4 ? readU16(packet, upper + 6) : readU32(packet, upper + 4);
    const mtu = Math.max(told, isIpv4 ? leastIpv4Mtu : ipv6MinimumMtu);
    const destination = packetDestination(quoted);
    if (mtu < this.mtuTo(destination, now)) this.#known.set(destination, { mtu, untilMs: now + rememberedMs });
  }

  /** What was learned of the path to an address; infinite for nothing. */
  mtuTo(destination: IpAddress, now: number): number {
    const known = this.#known.get(destination);
    if (known === undefined) return Infinity;
    if (known.untilMs > now) return known.mtu;
    this.#known.delete(destination);
    return Infinity;
  }
}
