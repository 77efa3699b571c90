/**
 * The MTU of an association's path, and what that leaves for inner packets (RFC 4301 §8.2): the PMTU of its SAD entry.
 * It is the smaller of two: what the system says of route and device, asked for once a second, and what ICMP told about
 * packets of this very association, which is forgotten in time (RFC 4301 §8.2.2, RFC 1191 §6.3, RFC 8201 §4).
 *
 * The inbound worker hears ICMP (receiving/icmp-inbox.ts), the outbound one keeps to it; between them is one cell of the
 * shared counters.
 *
 * Not here: whether an ICMP error is to be believed; the answer to the inner sender (too-big-reply.ts).
 * @module
 */
import { largestInnerPacket } from '#core/esp/overhead.ts';
import { ipv6MinimumMtu } from '#core/ip/ipv6.ts';
import type { WirePort } from './ports.ts';
import type { SnapshotAssociation, SnapshotIcmp } from './snapshot.ts';

/** How long an answer of the system is used: packets by the thousand ask it once. */
const keptMs = 1000;

/** What every IPv4 link carries (RFC 791 §3.2). */
export const ipv4MinimumMtu = 68;

/** What ICMP told of a path and when, in one cell: a cell is read and written whole. */
const secondUnit = 0x1_0000;

/** The cell's value for an MTU that was told now. */
export function packToldMtu(mtu: number, now: number): number {
  return Math.floor(now / 1000) * secondUnit + Math.min(mtu, secondUnit - 1);
}

/** The MTU in a cell, 0 for none, whenever it was told. */
export function mtuOfCell(cell: number): number {
  return cell % secondUnit;
}

/** The MTU in a cell, or 0 when there is none or it is too old. A worker's `now` may be a little behind the other's. */
export function toldMtu(cell: number, now: number, expiresSeconds: number): number {
  if (cell === 0) return 0;
  const age = Math.abs(Math.floor(now / 1000) - Math.floor(cell / secondUnit));
  return age < expiresSeconds ? mtuOfCell(cell) : 0;
}

/** The path of one outbound association. */
export class PathMtu {
  #routeMtu = 0;
  #askedMs = -Infinity;
  #innerMtu = 0;
  #toldMtu = 0;

  /**
   * The largest inner packet that goes unfragmented, 0 when nobody knows. `address` is the association's entry of
   * `addresses`, `cell` its counter `pathMtu`.
   */
  innerMtu(
    sa: SnapshotAssociation,
    wire: WirePort,
    addresses: Uint8Array,
    address: number,
    cell: number,
    icmp: Pick<SnapshotIcmp, 'leastPathMtu' | 'pathMtuSeconds'>,
    now: number,
  ): number {
    const elapsed = now - this.#askedMs;
    const isAsked = elapsed >= 0 && elapsed < keptMs;
    const told = toldMtu(cell, now, icmp.pathMtuSeconds);
    if (isAsked && told === this.#toldMtu) return this.#innerMtu;
    if (!isAsked) {
      this.#askedMs = now;
      this.#routeMtu = wire.pathMtu(sa.socket, addresses, address);
    }
    this.#toldMtu = told;
    const least = sa.family === 6 ? ipv6MinimumMtu : icmp.leastPathMtu;
    const outerMtu = narrower(this.#routeMtu, told === 0 ? 0 : Math.max(told, least));
    const encapsulation = { outerFamily: sa.family, hasUdp: sa.udp !== null };
    this.#innerMtu = outerMtu > 0 ? largestInnerPacket(outerMtu, sa, encapsulation) : 0;
    return this.#innerMtu;
  }

  /**
   * Whether an outer packet of this size is larger than what ICMP told, though not than the least that is believed: it
   * goes without DF, so that a path that really is that narrow carries it in pieces.
   */
  isDoubtful(outerBytes: number): boolean {
    return this.#toldMtu > 0 && outerBytes > this.#toldMtu;
  }

  /** Ask again with the next packet: the socket has refused one. */
  forget(): void {
    this.#askedMs = -Infinity;
  }
}

/** The smaller of two MTUs of which either may be unknown. */
function narrower(route: number, told: number): number {
  if (told === 0) return route;
  return route > 0 ? Math.min(route, told) : told;
}

/** The MTU that a sender is told: never less than what its IP version promises it (RFC 8200 §5); the rest is fragmented outside. */
export function announcedMtu(innerMtu: number, family: number): number {
  return Math.max(innerMtu, family === 6 ? ipv6MinimumMtu : ipv4MinimumMtu);
}
