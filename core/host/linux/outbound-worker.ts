/**
 * Entry of the outbound datapath worker: TUN to wire (worker-loop.ts has the loop, core/datapath/outbound.ts decides).
 * @module
 */
import { getRandomValues } from 'node:crypto';
import { Outbound } from '#core/datapath/outbound.ts';
import { runWorker } from './worker-loop.ts';

runWorker({
  direction: 'outbound',
  tokensOf: (snapshot) => snapshot.interfaces.map((row) => row.tun),
  create: (dependencies) => new Outbound(dependencies, { fill: (out) => void getRandomValues(out) }),
});
