/**
 * `stages.ts SECONDS`: prints the time of each stage of a packet's way, measured in this one process, as JSON; once more
 * with 10,000 associations each way; and what the loops allocate. Composition root; needs neither root nor network.
 * @module
 */
import { median } from '#examples/two-gateways/median.ts';
import { tokens } from '#test/support/test-datapath.ts';
import { allocatedPerPacket } from './allocation.ts';
import { timeCipher } from './cipher-cost.ts';
import {
  innerPacket,
  makeQuietLoops,
  requireNoDrops,
  smallBatch,
  timeDecisions,
  timePerPacket,
} from './decision-cost.ts';

const turns = 5;
const manyAssociations = 10_000;
const superSegments = 44;
const segmentPayload = 1372;
const gsoUdp = 5;

function measure(seconds: number): Record<string, number> {
  const sliceMs = (seconds * 1000) / (turns * 5);
  const one = makeQuietLoops(1, smallBatch());
  const many = makeQuietLoops(manyAssociations, smallBatch());
  const spread = makeQuietLoops(manyAssociations, smallBatch(), true);
  const packet = { bytes: innerPacket(superSegments * segmentPayload), gsoType: gsoUdp, gsoSize: segmentPayload };
  const large = makeQuietLoops(1, [packet]);
  const times: Record<string, number[]> = {};
  const note = (name: string, time: number): void => void (times[name] ??= []).push(time);
  // The first turn compiles, and does not count.
  for (let turn = 0; turn <= turns; turn++) {
    const found = {
      decision1: timeDecisions(one, sliceMs),
      decision10000: timeDecisions(many, sliceMs),
      decisionSpread: timeDecisions(spread, sliceMs),
      superPacketDecision: timePerPacket(superSegments, sliceMs, () => large.outbound.pump(tokens.tun, 1000)),
      ...timeCipher(sliceMs),
    };
    requireNoDrops(large.counters);
    if (turn > 0) Object.entries(found).forEach(([name, time]) => note(name, time));
  }
  const medians = Object.entries(times).map(([name, values]) => [name, median(values)] as const);
  return { ...Object.fromEntries(medians), allocated: allocatedPerPacket() };
}

process.stdout.write(`${JSON.stringify(measure(Number(process.argv[2] ?? '4')))}\n`);
