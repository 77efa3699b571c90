/**
 * `culvert ui`'s server: the window's page, and the door to its relay, on loopback, for who has the token. Every answer
 * carries a strict Content-Security-Policy; nothing is taken from a page of another origin.
 * @module
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { PageFile } from '#core/client/page-files.ts';
import { pageHeaders } from '#core/client/page-headers.ts';
import { Admission } from './admission.ts';
import { ConnectionLimit } from './connection-limit.ts';
import { entryFiles, type Entry } from './entry-page.ts';
import { PageDelivery } from './page-delivery.ts';
import { listPageParts, type PageParts } from './page-parts.ts';
import type { WindowSockets } from './window-sockets.ts';

/** Connections at a time. Anybody on this machine may open one, but not keep it without a request that ends. */
const mostConnections = 256;
const requestTimeoutMs = 10_000;
/** How often connections are looked at that wait too long: Node does so twice a minute by itself, and wakes up for it. */
const lookMs = 10_000;
/** Longest that an answer may wait for whoever asked and does not read. A window's socket has no such bound. */
const silenceMs = 30_000;

/** What the server stands on. */
export type UiServerOptions = {
  readonly port: number;
  readonly files: ReadonlyMap<string, PageFile>;
  /** What windows are served by. An address need not wait for it; a window that comes before it does. */
  readonly windows: Promise<Pick<WindowSockets, 'accept'>>;
};

/** A running server. */
export type UiServer = {
  /** An address for one more browser. */
  newAddress(): string;
  /** Resolves when a browser has got the entry page, and is at it for a moment. */
  readonly entryIsOut: Promise<void>;
  /** Resolves when a page has got all its files, or wants a window's relay already: until then its requests wait for nothing. */
  readonly pageIsOut: Promise<void>;
  /** Windows are their owner's to close, before. */
  close(): Promise<void>;
};

/** Listen on 127.0.0.1. Rejects when the port is taken. */
export async function startUiServer(options: UiServerOptions): Promise<UiServer> {
  const server = createServer({
    headersTimeout: requestTimeoutMs,
    requestTimeout: requestTimeoutMs,
    connectionsCheckingInterval: lookMs,
  });
  server.setTimeout(silenceMs);
  const connections = new ConnectionLimit(server, mostConnections);
  await listen(server, options.port);
  const address = server.address();
  const admission = new Admission(typeof address === 'object' && address !== null ? address.port : options.port);
  const parts = listPageParts(new TextDecoder().decode(options.files.get('/index.html')?.bytes));
  const entry = new PageDelivery({ links: [], modules: [...entryFiles.keys()] });
  const site: Site = { files: options.files, parts, admission, entry, delivery: new PageDelivery(parts) };
  server.on('request', (request, response) => serve(request, response, site));
  server.on('upgrade', (request, socket, head) => {
    // Whoever asks may be gone before the answer.
    socket.on('error', () => socket.destroy());
    if (request.url !== '/relay' || !admission.isFromUs(request) || !admission.hasWholeSession(request)) {
      // Whoever does not close its half keeps nothing open.
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n', () => socket.destroy());
      return;
    }
    connections.admit(socket);
    site.delivery.end();
    void options.windows.then((windows) => windows.accept(request, socket, head));
  });
  return {
    newAddress: () => admission.newAddress(),
    entryIsOut: entry.done,
    pageIsOut: site.delivery.done,
    close() {
      site.delivery.end();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** What is served, and to whom. */
type Site = {
  readonly files: ReadonlyMap<string, PageFile>;
  readonly parts: PageParts;
  readonly admission: Admission;
  readonly entry: PageDelivery;
  readonly delivery: PageDelivery;
};

function serve(request: IncomingMessage, response: ServerResponse, site: Site): void {
  const { files, admission } = site;
  for (const [name, value] of Object.entries(headersFor(admission.origin()))) response.setHeader(name, value);
  if (!admission.isForUs(request)) return refuse(response, 421, 'This server has another name.');
  if (request.method === 'POST' && request.url === '/session') return exchange(request, response, site);
  if (request.method !== 'GET') return refuse(response, 405, 'Only GET.');
  const path = pathOf(request.url ?? '/');
  const isKnown = admission.hasSession(request);
  const mine = isKnown ? files.get(path === '/' ? '/index.html' : path) : entryFiles.get(path);
  if (mine === undefined) return refuse(response, isKnown ? 404 : 403, 'Not here.');
  response.once('finish', () => (isKnown ? site.delivery : site.entry).noteSent(path));
  response.writeHead(200, { 'Content-Type': mine.type, 'Content-Length': mine.bytes.length }).end(mine.bytes);
}

/** What comes before a question mark. It is looked up in a table as it is: it need not be a URL that can be parsed. */
function pathOf(target: string): string {
  return target.split('?', 1)[0] ?? '/';
}

function exchange(request: IncomingMessage, response: ServerResponse, { admission, parts }: Site): void {
  if (!admission.isFromUs(request)) return refuse(response, 403, 'Not from this page.');
  let token = '';
  request.setEncoding('latin1');
  request.on('data', (text: string) => {
    token += text;
    if (token.length > 100) request.destroy();
  });
  request.on('end', () => {
    const admitted = admission.admit(token);
    if (admitted === null) return refuse(response, 403, 'Not the token.');
    const { cookie, key } = admitted;
    const entry: Entry = { key, ...parts };
    const headers = { 'Set-Cookie': cookie, 'Content-Type': 'application/json; charset=utf-8' };
    response.writeHead(200, headers).end(JSON.stringify(entry));
  });
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}

/** The page talks to its own server, by HTTP and by WebSocket. */
function headersFor(origin: string): Readonly<Record<string, string>> {
  return pageHeaders(["'self'", origin.replace('http:', 'ws:')]);
}
