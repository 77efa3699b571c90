/**
 * Entry of an inbound datapath worker: wire to TUN (worker-loop.ts has the loop, core/datapath/inbound.ts decides).
 * @module
 */
import { Inbound } from '#core/datapath/inbound.ts';
import { QueueSteering } from '#core/datapath/sharing/queue-steering.ts';
import { runWorker, type DatapathDependencies } from './worker-loop.ts';

function createInbound(dependencies: DatapathDependencies): Inbound {
  const { tun, shared, siblingOf } = dependencies;
  if (shared === null) return new Inbound(dependencies);
  return new Inbound({ ...dependencies, tun: new QueueSteering(tun, shared.queues, siblingOf) });
}

runWorker({
  direction: 'inbound',
  tokensOf: (snapshot) => snapshot.sockets.map((socket) => socket.token),
  create: createInbound,
});
