/**
 * Entry of an outbound datapath worker: TUN to wire (worker-loop.ts has the loop, core/datapath/outbound.ts decides).
 * One of several seals by itself, and sends by the line that they stand in (core/datapath/sharing/).
 * @module
 */
import { getRandomValues } from 'node:crypto';
import type { Random } from '#core/base/port.ts';
import { maxPackets, Outbound } from '#core/datapath/outbound.ts';
import { LinePlace } from '#core/datapath/sharing/line-place.ts';
import { SendLine } from '#core/datapath/sharing/send-line.ts';
import { SharedNumbers } from '#core/datapath/sharing/shared-numbers.ts';
import { runWorker, type DatapathDependencies } from './worker-loop.ts';

const random: Random = { fill: (out) => void getRandomValues(out) };

function createOutbound(dependencies: DatapathDependencies): Outbound {
  const { wire, counters, place, shared } = dependencies;
  if (shared === null) return new Outbound(dependencies, random);
  const inLine = new LinePlace(new SendLine(shared.line), place.index, wire);
  const numbers = new SharedNumbers(inLine, counters, shared.depths, maxPackets);
  return new Outbound({ ...dependencies, wire: inLine }, random, numbers);
}

runWorker({
  direction: 'outbound',
  tokensOf: (snapshot) => snapshot.interfaces.map((row) => row.tun),
  create: createOutbound,
});
