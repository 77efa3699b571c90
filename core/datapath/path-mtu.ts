/**
 * The MTU of an association's path, and what that leaves for inner packets (RFC 4301 §8.2). The system below learns it,
 * checks what ICMP claims, and forgets it in time (RFC 1191 §6.3, RFC 8201 §4); here its answer is kept for a second.
 *
 * Not here: the answer to the sender (too-big-reply.ts).
 * @module
 */
import { largestInnerPacket } from '#core/esp/overhead.ts';
import { ipv6MinimumMtu } from '#core/ip/ipv6.ts';
import type { WirePort } from './ports.ts';
import type { SnapshotAssociation } from './snapshot.ts';

/** How long an answer is used: packets by the thousand ask the system once. */
const keptMs = 1000;

/** What every IPv4 link carries (RFC 791 §3.2). */
const ipv4MinimumMtu = 68;

/** The path of one outbound association. */
export class PathMtu {
  #innerMtu = 0;
  #askedMs = -Infinity;

  /** The largest inner packet that goes unfragmented, 0 when nobody knows. `address` is the association's entry of `addresses`. */
  innerMtu(sa: SnapshotAssociation, wire: WirePort, addresses: Uint8Array, address: number, now: number): number {
    const elapsed = now - this.#askedMs;
    if (elapsed >= 0 && elapsed < keptMs) return this.#innerMtu;
    this.#askedMs = now;
    const outerMtu = wire.pathMtu(sa.socket, addresses, address);
    const encapsulation = { outerFamily: sa.family, hasUdp: sa.udp !== null };
    this.#innerMtu = outerMtu > 0 ? largestInnerPacket(outerMtu, sa, encapsulation) : 0;
    return this.#innerMtu;
  }

  /** Ask again with the next packet: the socket has refused one. */
  forget(): void {
    this.#askedMs = -Infinity;
  }
}

/** The MTU that a sender is told: never less than what its IP version promises it (RFC 8200 §5); the rest is fragmented outside. */
export function announcedMtu(innerMtu: number, family: number): number {
  return Math.max(innerMtu, family === 6 ? ipv6MinimumMtu : ipv4MinimumMtu);
}
