/**
 * Adds up what a capture between the gateways holds.
 *
 * The kernel hands a run of UDP datagrams over as one super-frame (UDP_SEGMENT, udp(7)), of which a capture sees only
 * the first header. How many ESP packets it holds follows from the sequence numbers, which rise by one with each
 * packet of an association (RFC 4303 §2.2): it is the distance to the next frame's number.
 * @module
 */
import type { CapturedFrame } from './capture-file.ts';
import { judgeFrame, type WireExpectation } from './wire-frame.ts';

/** What was on the wire. */
export type WireTally = {
  readonly frames: number;
  /** ESP packets, those inside super-frames included. */
  readonly espPackets: number;
  readonly housekeepingFrames: number;
  readonly plaintextFrames: number;
  /** What the first few plaintext frames were. */
  readonly plaintextExamples: readonly string[];
};

const examplesKept = 5;
/** Largest ESP packet in one datagram on a wire of MTU 1500: without the outer IPv4 and UDP headers. */
const largestPayload = 1500 - 20 - 8;

type SeenFrame = { readonly sequence: number; readonly payloadBytes: number };

/** Judge every frame and add up. */
export function tallyWire(frames: Iterable<CapturedFrame>, expectation: WireExpectation): WireTally {
  const associations = new Map<number, SeenFrame[]>();
  const examples: string[] = [];
  let count = 0;
  let housekeepingFrames = 0;
  let plaintextFrames = 0;
  for (const frame of frames) {
    count++;
    const verdict = judgeFrame(frame.bytes, expectation);
    if (verdict.kind === 'esp') {
      const seen = associations.get(verdict.spi);
      if (seen === undefined) associations.set(verdict.spi, [verdict]);
      else seen.push(verdict);
    } else if (verdict.kind === 'housekeeping') housekeepingFrames++;
    else if (++plaintextFrames <= examplesKept) examples.push(`${verdict.what} (${frame.wireLength} bytes)`);
  }
  const espPackets = [...associations.values()].reduce((sum, seen) => sum + countPackets(seen), 0);
  return { frames: count, espPackets, housekeepingFrames, plaintextFrames, plaintextExamples: examples };
}

function countPackets(seen: SeenFrame[]): number {
  seen.sort((one, other) => one.sequence - other.sequence);
  return seen.reduce((sum, frame, index) => {
    if (frame.payloadBytes <= largestPayload) return sum + 1;
    const next = seen[index + 1];
    // The last super-frame has no successor to tell: count what it must hold at least.
    return sum + (next === undefined ? Math.ceil(frame.payloadBytes / largestPayload) : next.sequence - frame.sequence);
  }, 0);
}
