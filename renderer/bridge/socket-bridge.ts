/**
 * A carrier over the WebSocket of `culvert ui`: one JSON frame a call, answers in any order, pushes between them. A lost
 * socket is opened again after a pause that doubles up to ten seconds.
 * @module
 */
import { z } from 'zod';
import { relayKeyName, relayProtocol } from '#core/api/relay-name.ts';
import type { Push, RelayMethod } from '#core/api/relay.ts';
import type { Carrier } from '../bridge.ts';
import { answerInBrowser } from './browser-shell.ts';

const firstPauseMs = 250;
const longestPauseMs = 10_000;

/** A frame to the window: an answer carries the call's id. */
const frameSchema = z.union([z.object({ id: z.number().int(), answer: z.unknown() }), z.object({ push: z.unknown() })]);

type Waiting = { resolve(answer: unknown): void; reject(error: Error): void };

/** What the window says of the link while there is no shell to say it. */
const lost: Push = {
  kind: 'link',
  link: {
    state: 'connecting',
    message: 'The program that serves this page has gone.',
    hint: 'Start it again and open the address that it prints.',
    command: 'culvert ui',
  },
};

/** Open the socket of the page at `location`, and keep it open. */
export function openSocketBridge(location: Location): Carrier {
  const waiting = new Map<number, Waiting>();
  const listeners = new Set<(push: unknown) => void>();
  let socket: WebSocket | null = null;
  let opened = Promise.withResolvers<WebSocket>();
  let pauseMs = firstPauseMs;
  let nextId = 0;

  function connect(): void {
    const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
    const key = localStorage.getItem(relayKeyName);
    const protocols = key === null ? [relayProtocol] : [relayProtocol, key];
    socket = new WebSocket(`${scheme}//${location.host}/relay`, protocols);
    socket.addEventListener('open', () => {
      pauseMs = firstPauseMs;
      if (socket !== null) opened.resolve(socket);
    });
    socket.addEventListener('message', ({ data }) => receive(String(data)));
    socket.addEventListener('close', reopen);
  }

  function reopen(): void {
    for (const { reject } of waiting.values()) reject(new Error('the connection was lost'));
    waiting.clear();
    opened = Promise.withResolvers();
    for (const listener of listeners) listener(lost);
    setTimeout(connect, pauseMs);
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  }

  function receive(text: string): void {
    const frame = frameSchema.safeParse(JSON.parse(text));
    if (!frame.success) return;
    if ('push' in frame.data) for (const listener of listeners) listener(frame.data.push);
    else {
      waiting.get(frame.data.id)?.resolve(frame.data.answer);
      waiting.delete(frame.data.id);
    }
  }

  connect();
  return {
    async ask(method: RelayMethod, params: unknown): Promise<unknown> {
      const value = await answerInBrowser(method, params);
      if (value !== null) return { ok: true, value };
      const open = await opened.promise;
      const id = nextId++;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        open.send(JSON.stringify({ id, method, params }));
      });
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
