/**
 * Entry of the inbound datapath worker: wire to TUN (worker-loop.ts has the loop, core/datapath/inbound.ts decides).
 * @module
 */
import { Inbound } from '#core/datapath/inbound.ts';
import { runWorker } from './worker-loop.ts';

runWorker({
  direction: 'inbound',
  tokensOf: (snapshot) => snapshot.sockets.map((socket) => socket.token),
  create: (dependencies) => new Inbound(dependencies),
});
