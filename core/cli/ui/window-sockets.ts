/**
 * The relay of `culvert ui`: one WebSocket a window, one JSON frame a call, answers in any order and pushes between them.
 * Who may open one is the server's to say.
 * @module
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { relayProtocol } from '#core/api/relay-name.ts';
import { relayRequestSchema, type Push } from '#core/api/relay.ts';
import type { StatusUpdate } from '#core/api/watch/watch-contract.ts';
import { mostCallsInFlight, type RelayAnswer } from '#core/client/relay.ts';
import type { WindowWatch } from '#core/client/status-mirror.ts';

/** A frame of the window is a request of the contract, whose longest text is 4 MiB, in JSON. */
const longestFrame = 10 * 1024 * 1024;
/** Pushes that may wait for a window that does not read, in bytes: then it is let go, and comes back when it wakes. */
const mostUnread = 8 * 1024 * 1024;

/** What windows are served with. */
export type WindowOptions = {
  readonly answer: (method: string, params: unknown, watch: WindowWatch) => Promise<RelayAnswer>;
  /** A watch over the status for one window, which gets its updates by `send`. */
  readonly openWatch: (send: (update: StatusUpdate) => Promise<void>) => WindowWatch;
  /** What a window that has just come must know. */
  readonly greeting: () => Push;
};

/** All windows. */
export type WindowSockets = {
  /** Make a request for an upgrade, which was let in, a window. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  push(push: Push): void;
  /** Let all go, and take no more. */
  close(): void;
};

/** Serve windows, none at first. */
export function serveWindows(options: WindowOptions): WindowSockets {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: longestFrame,
    handleProtocols: () => relayProtocol,
  });
  return {
    accept(request, socket, head) {
      sockets.handleUpgrade(request, socket, head, (window) => serveWindow(window, options));
    },
    push(push) {
      const frame = JSON.stringify({ push });
      for (const window of sockets.clients) {
        if (window.bufferedAmount > mostUnread) window.terminate();
        else window.send(frame);
      }
    },
    close() {
      for (const window of sockets.clients) window.terminate();
      sockets.close();
    },
  };
}

function serveWindow(window: WebSocket, { answer, greeting, openWatch }: WindowOptions): void {
  let inFlight = 0;
  const watch = openWatch((update) => sendPush(window, { kind: 'status', update }));
  window.on('close', () => watch.stop());
  window.on('error', () => window.terminate());
  window.on('message', (data, isBinary) => {
    const request = isBinary ? null : parseRequest(String(data));
    if (request === null || inFlight >= mostCallsInFlight) return window.terminate();
    inFlight += 1;
    void answer(request.method, request.params, watch).then((given) => {
      inFlight -= 1;
      window.send(JSON.stringify({ id: request.id, answer: given }), () => {});
    });
  });
  window.send(JSON.stringify({ push: greeting() }));
}

/** Resolves when the kernel has it. */
function sendPush(window: WebSocket, push: Push): Promise<void> {
  return new Promise((resolve, reject) => {
    window.send(JSON.stringify({ push }), (error) => (error == null ? resolve() : reject(error)));
  });
}

function parseRequest(text: string): { id: number; method: string; params?: unknown } | null {
  try {
    return relayRequestSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
