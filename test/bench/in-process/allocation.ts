/**
 * What the datapath's loops allocate in steady state: the growth of the heap while they pump, over ports that do nothing.
 * @module
 */
import { tokens } from '#test/support/test-datapath.ts';
import { innerPacket, makeQuietLoops, smallBatch } from './decision-cost.ts';

/** Pumps before the heap is looked at, for the compiler to be done, and in each look. */
const warmUpPumps = 20_000;
const pumps = 2000;
const looks = 8;
const superSegments = 44;
const segmentPayload = 1372;
const gsoUdp = 5;

/**
 * Sequence numbers before the first packet: from 0, and from where numbers no longer fit V8's small integers, as those of a
 * busy association soon do not.
 */
const starts = [0, 3_000_000_000];

/** Bytes that one turn of `work` leaves on the heap: the least of several looks, because the compiler allocates, too. */
export function heapGrowth(work: () => void): number {
  for (let turn = 0; turn < warmUpPumps; turn++) work();
  let least = Infinity;
  for (let look = 0; look < looks; look++) {
    const before = process.memoryUsage().heapUsed;
    for (let turn = 0; turn < pumps; turn++) work();
    // Less than before: the garbage collector has run in between.
    const grown = process.memoryUsage().heapUsed - before;
    if (grown >= 0) least = Math.min(least, grown);
  }
  return least / pumps;
}

/** Bytes allocated for each packet, the most of all ways: small packets out and in, and super-packets out. */
export function allocatedPerPacket(): number {
  const ways = starts.flatMap((start) => {
    const packets = smallBatch();
    const small = makeQuietLoops(1, packets, false, start);
    const superPacket = {
      bytes: innerPacket(superSegments * segmentPayload),
      gsoType: gsoUdp,
      gsoSize: segmentPayload,
    };
    const large = makeQuietLoops(1, [superPacket], false, start);
    return [
      heapGrowth(() => small.outbound.pump(tokens.tun, 1000)) / packets.length,
      heapGrowth(() => small.inbound.pump(tokens.udp4, 1000)) / packets.length,
      heapGrowth(() => large.outbound.pump(tokens.tun, 1000)) / superSegments,
    ];
  });
  return Math.max(...ways);
}
