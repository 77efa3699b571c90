/**
 * `culvert ui`: the window in a browser, served on loopback, for hosts without a desktop.
 * @module
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { IpsecError } from '#core/base/error.ts';
import { readPageFiles } from '#core/client/page-files.ts';
import { exitStatusOf } from './complaint.ts';
import type { Terminal } from './terminal.ts';
import { startUiServer, type UiServer } from './ui/ui-server.ts';
import type { WindowSide } from './ui/window-side.ts';

/** What `culvert ui` was asked for. */
export type UiRequest = {
  readonly socketPath: string;
  readonly version: string;
  /** As it was typed; 0 for any. */
  readonly port: string;
  readonly opens: boolean;
  /** Where the built page lies. */
  readonly pageFolder: string;
  /** Resolves when the person wants it to end. */
  readonly ended: Promise<unknown>;
};

/** How long a browser that is there already takes at most to ask for the page's files. */
const patienceMs = 1000;

/** The help behind the options. */
export const uiHelp = `
The address that is printed works once, in one browser; press Enter for another. Ctrl-C ends it; tunnels stay as they are.
`;

/** Serve until `ended`. Returns the exit status. */
export function runUi(request: UiRequest, terminal: Terminal): Promise<number> {
  return exitStatusOf('ui', terminal, async () => {
    await serveUntilEnd(request, terminal);
    return 0;
  });
}

async function serveUntilEnd(request: UiRequest, terminal: Terminal): Promise<void> {
  const files = readPageFiles(request.pageFolder);
  const { promise: windows, resolve } = Promise.withResolvers<WindowSide>();
  const server = await listenOn(parsePort(request.port), { files, windows });
  try {
    const stopReading = present(server, request.opens, terminal);
    void server.entryIsOut.then(() => import('#core/api/shell-contract.ts')); // zod, the first part of what is loaded next
    await untilRoom(server, request.ended);
    const { openWindowSide } = await import('./ui/window-side.ts');
    const side = openWindowSide({ ...request, complain: (text) => terminal.complain(`culvert: ${text}\n`) });
    resolve(side);
    await request.ended;
    stopReading();
    side.close();
  } finally {
    await server.close();
  }
}

/**
 * Loading what stands behind windows is half of a start, and nothing is served meanwhile: it is done while a browser that
 * has come runs the page's scripts, or when none comes at once.
 */
async function untilRoom({ pageIsOut }: UiServer, ended: Promise<unknown>): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, patienceMs);
  await Promise.race([pageIsOut, late, ended]);
  clearTimeout(timer);
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65535) return port;
  throw new IpsecError('WINDOW_PORT', `--port ${text.slice(0, 20)} is no port`, { field: 'port' });
}

async function listenOn(port: number, options: Omit<Parameters<typeof startUiServer>[0], 'port'>): Promise<UiServer> {
  try {
    return await startUiServer({ ...options, port });
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new IpsecError('WINDOW_PORT', `cannot listen on 127.0.0.1:${port} (${why})`, { field: 'port' }, error);
  }
}

/** Print an address, and another for each line of input; gives what ends that. */
function present(server: UiServer, opens: boolean, terminal: Terminal): () => void {
  const address = server.newAddress();
  terminal.print(`${address}\n`);
  if (opens) openBrowser(address, terminal);
  if (!process.stdin.isTTY) return () => {};
  const lines = createInterface({ input: process.stdin });
  lines.on('line', () => terminal.print(`${server.newAddress()}\n`));
  return () => lines.close();
}

function openBrowser(address: string, terminal: Terminal): void {
  const program = process.platform === 'darwin' ? 'open' : 'xdg-open';
  const child = spawn(program, [address], { stdio: 'ignore', detached: true });
  child.on('error', () => terminal.complain(`culvert: ${program} is not here: open the address yourself\n`));
  child.unref();
}
