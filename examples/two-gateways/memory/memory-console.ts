/**
 * The control socket of a gateway of the in-process network, so that the same culvert command and the same window
 * configure it. The socket lies in a directory that only this user can enter, and whoever connects may change things.
 * @module
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { silentLog } from '#core/base/port.ts';
import { openControlSocket } from '#core/helper/control-socket.ts';
import { ApiServer } from '#core/helper/server.ts';
import type { Side, TwoGateways } from '#core/host/memory/two-gateways.ts';
import { GatewayConsole } from '#examples/two-gateways/tunnel/gateway-console.ts';
import type { RunContext } from '#examples/two-gateways/run-context.ts';
import { MemoryHelper } from './memory-helper.ts';

/** Serve one gateway of `network` on a socket, until the run ends. */
export async function openMemoryConsole(
  { processes, directory, undo }: Pick<RunContext, 'processes' | 'directory' | 'undo'>,
  network: TwoGateways,
  side: Side,
): Promise<GatewayConsole> {
  const own = join(directory, side.addresses.gatewayName);
  mkdirSync(own, { mode: 0o700 });
  const console = new GatewayConsole(processes, side.addresses.gatewayName, own);
  const socket = await openControlSocket(console.socket);
  undo.push(() => socket.close());
  const helper = new MemoryHelper(network, side, own);
  const caller = { uid: process.getuid?.() ?? 0, pid: process.pid, canOperate: true };
  const server = new ApiServer({
    server: socket.server,
    identify: () => caller,
    answer: (method, params, asker) => helper.answer(method, params, asker),
    subscribe: (listener) => helper.subscribe(listener),
    read: () => helper.read(),
    clock: network.clock,
    log: silentLog,
  });
  undo.push(() => server.close());
  helper.startTicking(network.clock, () => server.tick());
  return console;
}
