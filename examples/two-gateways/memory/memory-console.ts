/**
 * The control socket of a gateway of the in-process network, so that the same culvert command configures it. The
 * socket lies in a directory that only this user can enter, and whoever connects may change things.
 * @module
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { contractVersion } from '#core/api/contract.ts';
import { dispatch } from '#core/api/dispatch.ts';
import { silentLog } from '#core/base/port.ts';
import { openControlSocket } from '#core/helper/control-socket.ts';
import { ApiServer } from '#core/helper/server.ts';
import type { Side, TwoGateways } from '#core/host/memory/two-gateways.ts';
import { GatewayConsole } from '#examples/two-gateways/tunnel/gateway-console.ts';
import type { RunContext } from '#examples/two-gateways/run-context.ts';

/** As culvertd's. */
const tickMs = 1000;

/** Serve one gateway of `network` on a socket, until the run ends. */
export async function openMemoryConsole(
  { processes, directory, undo }: RunContext,
  { clock }: TwoGateways,
  { addresses, gateway }: Side,
): Promise<GatewayConsole> {
  const own = join(directory, addresses.gatewayName);
  mkdirSync(own, { mode: 0o700 });
  const console = new GatewayConsole(processes, addresses.gatewayName, own);
  const socket = await openControlSocket(console.socket);
  undo.push(() => socket.close());
  const caller = { uid: process.getuid?.() ?? 0, pid: process.pid, canOperate: true };
  const server = new ApiServer({
    server: socket.server,
    identify: () => caller,
    answer: (method, params, asker) => dispatch(gateway, method, params, asker),
    subscribe: (listener) => gateway.subscribe(listener),
    read: () => ({ contractVersion, ...gateway.status(), profiles: [], setAside: [] }),
    clock,
    log: silentLog,
  });
  const ticks = setInterval(() => {
    gateway.tick(clock.now()).catch((error: unknown) => gateway.reportInternalError(error));
    server.tick();
  }, tickMs);
  undo.push(() => {
    clearInterval(ticks);
    server.close();
  });
  return console;
}
