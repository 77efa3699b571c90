/**
 * A link of the in-process network: two ends or a segment with many, with latency, loss, reordering, duplication and
 * an MTU. It carries whole IP packets; who gets one is decided by the next hop, as a link layer's addresses would.
 *
 * A packet belongs to the link once it is sent, and to its receiver once delivered; copies are made where two get one.
 * @module
 */
import type { IpAddress } from '#core/ip/address.ts';
import type { VirtualClock } from './clock.ts';
import type { SeededRandom } from './seeded-random.ts';

/** How a link treats packets. Rates are probabilities from 0 to 1. */
export type LinkOptions = {
  readonly latencyMs?: number;
  readonly lossRate?: number;
  readonly duplicationRate?: number;
  /** Packets that are held back, and for how long. */
  readonly reorderRate?: number;
  readonly reorderMs?: number;
  readonly mtu?: number;
};

/** Something at an end of a link. */
export type LinkEnd = {
  /** Whether this end answers to the address; a link of two ends does not ask. */
  hasAddress(address: IpAddress): boolean;
  receive(packet: Uint8Array): void;
};

/** What an end may do. */
export type LinkPort = {
  readonly mtu: number;
  /** Send a packet to the end that has `nextHop`. */
  send(packet: Uint8Array, nextHop: IpAddress): void;
};

/** What a link did with the packets it was given. */
export type LinkTally = { sent: number; lost: number; duplicated: number; reordered: number; tooLong: number };

/** The usual MTU of Ethernet. */
const defaultLinkMtu = 1500;

/** A link. */
export class Link {
  readonly mtu: number;
  /** Changes take effect with the next packet. */
  options: LinkOptions;
  readonly tally: LinkTally = { sent: 0, lost: 0, duplicated: 0, reordered: 0, tooLong: 0 };
  readonly #clock: VirtualClock;
  readonly #random: SeededRandom;
  readonly #ends: LinkEnd[] = [];
  readonly #taps: ((packet: Uint8Array) => void)[] = [];

  constructor(clock: VirtualClock, random: SeededRandom, options: LinkOptions = {}) {
    this.#clock = clock;
    this.#random = random;
    this.options = options;
    this.mtu = options.mtu ?? defaultLinkMtu;
  }

  /** Put something at an end. */
  attach(end: LinkEnd): LinkPort {
    this.#ends.push(end);
    return { mtu: this.mtu, send: (packet, nextHop) => this.#send(end, packet, nextHop) };
  }

  /** Call `listener` with every packet that is sent, before any is lost. It must not keep or change it. */
  tap(listener: (packet: Uint8Array) => void): void {
    this.#taps.push(listener);
  }

  #send(from: LinkEnd, packet: Uint8Array, nextHop: IpAddress): void {
    if (packet.length > this.mtu) {
      this.tally.tooLong++;
      return;
    }
    this.tally.sent++;
    for (const listener of this.#taps) listener(packet);
    const { lossRate = 0, duplicationRate = 0 } = this.options;
    if (this.#happens(lossRate)) {
      this.tally.lost++;
      return;
    }
    this.#deliver(from, packet, nextHop);
    if (!this.#happens(duplicationRate)) return;
    this.tally.duplicated++;
    this.#deliver(from, packet.slice(), nextHop);
  }

  #deliver(from: LinkEnd, packet: Uint8Array, nextHop: IpAddress): void {
    const { latencyMs = 0, reorderRate = 0, reorderMs = 1 } = this.options;
    const isHeldBack = this.#happens(reorderRate);
    if (isHeldBack) this.tally.reordered++;
    this.#clock.schedule(latencyMs + (isHeldBack ? reorderMs : 0), () => {
      const others = this.#ends.filter((end) => end !== from);
      const target = others.length === 1 ? others[0] : others.find((end) => end.hasAddress(nextHop));
      target?.receive(packet);
    });
  }

  /** Draws only where there is something to decide, so that an option left out changes nothing else. */
  #happens(rate: number): boolean {
    return rate > 0 && this.#random.fraction() < rate;
  }
}
