/**
 * `culvert ui`: the window in a browser, served on loopback, for hosts without a desktop.
 * @module
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { IpsecError } from '#core/base/error.ts';
import { keepLink, type LinkKeeper } from '#core/client/helper-link.ts';
import { answerRelay } from '#core/client/relay.ts';
import { StatusMirror } from '#core/client/status-mirror.ts';
import { settingsPath } from '#core/client/shell-settings.ts';
import { formatComplaint } from './complaint.ts';
import type { Terminal } from './terminal.ts';
import { createBrowserShell } from './ui/browser-shell.ts';
import { readPageFiles } from '#core/client/page-files.ts';
import { startUiServer, type UiServer } from './ui/ui-server.ts';

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

/** The help behind the options. */
export const uiHelp = `
The address that is printed works once, in one browser; press Enter for another. Ctrl-C ends it; tunnels stay as they are.
`;

/** Serve until `ended`. Returns the exit status. */
export async function runUi(request: UiRequest, terminal: Terminal): Promise<number> {
  try {
    await serveUntilEnd(request, terminal);
    return 0;
  } catch (error) {
    if (!(error instanceof IpsecError)) throw error;
    terminal.complain(formatComplaint('ui', null, error));
    return 1;
  }
}

async function serveUntilEnd(request: UiRequest, terminal: Terminal): Promise<void> {
  const { socketPath, version, pageFolder, ended } = request;
  const shell = createBrowserShell(settingsPath(process.env), version, () => link.retry());
  if (shell.problem !== null) terminal.complain(`culvert: ${shell.problem}\n`);
  const files = readPageFiles(pageFolder);
  let server: UiServer | null = null;
  const mirror = new StatusMirror();
  const link: LinkKeeper = keepLink({
    ...{ socketPath, mirror },
    onLink: (now) => server?.push({ kind: 'link', link: now }),
    onEvent: (event) => server?.push({ kind: 'event', event }),
  });
  const onInternalError = (error: unknown): void => {
    terminal.complain(`culvert: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  };
  try {
    server = await listenOn(parsePort(request.port), {
      files,
      answer: (method, params, watch) =>
        answerRelay({ helper: link, shell: shell.handlers, watch, onInternalError }, method, params),
      openWatch: (send) => mirror.open(send),
      greeting: () => ({ kind: 'link', link: link.link() }),
    });
    const stopReading = present(server, request.opens, terminal);
    await ended;
    stopReading();
    await server.close();
  } finally {
    link.close();
  }
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65535) return port;
  throw new IpsecError('PORT_RANGE', `--port ${text.slice(0, 20)} is no port`, { field: 'port' });
}

async function listenOn(port: number, options: Omit<Parameters<typeof startUiServer>[0], 'port'>): Promise<UiServer> {
  try {
    return await startUiServer({ ...options, port });
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new IpsecError('PORT_RANGE', `cannot listen on 127.0.0.1:${port} (${why})`, { field: 'port' }, error);
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
