/**
 * One window of a test's own, over a server that lets everybody in.
 * @module
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { WebSocket } from 'ws';
import type { WindowSockets } from '#core/cli/ui/window-sockets.ts';

/** Open it; it and its server end with the test. */
export async function openWindow(
  t: TestContext,
  windows: Pick<WindowSockets, 'accept'>,
): Promise<{ next(): Promise<unknown>; send(frame: object): void }> {
  const server = createServer();
  server.on('upgrade', (request, socket, head: Buffer) => windows.accept(request, socket, head));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/relay`, ['culvert']);
  t.after(() => {
    socket.terminate();
    server.close();
  });
  const frames: unknown[] = [];
  let wake = (): void => {};
  socket.on('message', (data) => {
    frames.push(JSON.parse(String(data)));
    wake();
  });
  await once(socket, 'open');
  return {
    async next() {
      while (frames.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      return frames.shift();
    },
    send: (frame) => socket.send(JSON.stringify(frame)),
  };
}
