/**
 * Adds up what was seen between the gateways.
 *
 * The kernel hands a run of UDP datagrams over as one super-frame (UDP_SEGMENT, udp(7)), of which a capture sees only
 * the first header. How many ESP packets it holds follows from the sequence numbers, which rise by one with each
 * packet of an association (RFC 4303 §2.2): it is the distance to the next frame's number.
 * @module
 */
import { groupDigits } from '#examples/two-gateways/narrator.ts';
import type { CapturedFrame } from './capture-file.ts';
import { judgeFrame, type WireExpectation } from './wire-frame.ts';

/** What was on the wire. */
export type WireTotals = {
  readonly frames: number;
  /** ESP packets, those inside super-frames included. */
  readonly espPackets: number;
  readonly housekeepingFrames: number;
  readonly plaintextFrames: number;
  /** What the first few plaintext frames were. */
  readonly plaintextExamples: readonly string[];
};

type SeenFrame = { readonly sequence: number; readonly payloadBytes: number };

const examplesKept = 5;
/** Largest ESP packet in one datagram on a wire of MTU 1500: without the outer IPv4 and UDP headers. */
const largestPayload = 1500 - 20 - 8;

/** Takes frames and knows the totals. */
export class WireTally {
  readonly #expectation: WireExpectation;
  /** SPI → its frames. */
  readonly #associations: Map<number, SeenFrame[]>;
  readonly #examples: string[];
  #frames: number;
  #housekeepingFrames: number;
  #plaintextFrames: number;

  constructor(expectation: WireExpectation) {
    this.#expectation = expectation;
    this.#associations = new Map();
    this.#examples = [];
    this.#frames = 0;
    this.#housekeepingFrames = 0;
    this.#plaintextFrames = 0;
  }

  /** Judge a frame and count it. */
  add(frame: CapturedFrame): void {
    this.#frames++;
    const verdict = judgeFrame(frame.bytes, this.#expectation);
    if (verdict.kind === 'housekeeping') this.#housekeepingFrames++;
    else if (verdict.kind === 'plaintext') this.#addPlaintext(`${verdict.what} (${frame.wireLength} bytes)`);
    else this.#addEsp(verdict.spi, { sequence: verdict.sequence, payloadBytes: verdict.payloadBytes });
  }

  /** Judge and count several. */
  addAll(frames: Iterable<CapturedFrame>): this {
    for (const frame of frames) this.add(frame);
    return this;
  }

  /** What has been seen so far. */
  totals(): WireTotals {
    return {
      frames: this.#frames,
      espPackets: [...this.#associations.values()].reduce((sum, seen) => sum + countPackets(seen), 0),
      housekeepingFrames: this.#housekeepingFrames,
      plaintextFrames: this.#plaintextFrames,
      plaintextExamples: [...this.#examples],
    };
  }

  #addPlaintext(what: string): void {
    this.#plaintextFrames++;
    if (this.#examples.length < examplesKept) this.#examples.push(what);
  }

  #addEsp(spi: number, frame: SeenFrame): void {
    const seen = this.#associations.get(spi);
    if (seen === undefined) this.#associations.set(spi, [frame]);
    else seen.push(frame);
  }
}

/** Totals in words. */
export function describeTotals({ espPackets, frames, housekeepingFrames, plaintextFrames }: WireTotals): string {
  const espFrames = frames - housekeepingFrames - plaintextFrames;
  const esp = `${groupDigits(espPackets)} ESP packets in ${groupDigits(espFrames)} frames`;
  return `${esp}, ${housekeepingFrames} frames of ARP, ND and MLD, ${plaintextFrames} in the clear`;
}

function countPackets(seen: readonly SeenFrame[]): number {
  const sorted = [...seen].sort((one, other) => one.sequence - other.sequence);
  return sorted.reduce((sum, frame, index) => {
    if (frame.payloadBytes <= largestPayload) return sum + 1;
    const next = sorted[index + 1];
    // The last super-frame has no successor to tell: count what it must hold at least.
    return sum + (next === undefined ? Math.ceil(frame.payloadBytes / largestPayload) : next.sequence - frame.sequence);
  }, 0);
}
