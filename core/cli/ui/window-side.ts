/**
 * What stands behind the windows of `culvert ui`: the link to the helper, the mirror of its status, the settings, and the
 * relay that answers from them. It is loaded when the address is out already.
 * @module
 */
import { join } from 'node:path';
import { keepLink, type LinkKeeper } from '#core/client/helper-link.ts';
import { answerRelay } from '#core/client/relay.ts';
import { settingsPath } from '#core/client/shell-settings.ts';
import { currentUserName, isThere, programsBelow, startCommand } from '#core/client/start-command.ts';
import { StatusMirror } from '#core/client/status-mirror.ts';
import { createBrowserShell } from './browser-shell.ts';
import { serveWindows, type WindowSockets } from './window-sockets.ts';

/** What it needs. */
export type WindowSideOptions = {
  readonly socketPath: string;
  readonly version: string;
  /** Tell the person in the terminal. */
  readonly complain: (text: string) => void;
};

/** The windows with what is behind them. */
export type WindowSide = Pick<WindowSockets, 'accept' | 'close'>;

/** Begin to reach for the helper, and serve windows. */
export function openWindowSide({ socketPath, version, complain }: WindowSideOptions): WindowSide {
  const shell = createBrowserShell(settingsPath(process.env), version, () => link.retry());
  if (shell.problem !== null) complain(shell.problem);
  const mirror = new StatusMirror();
  const onInternalError = (error: unknown): void =>
    complain(error instanceof Error ? (error.stack ?? error.message) : String(error));
  const windows = serveWindows({
    answer: (method, params, watch) =>
      answerRelay({ helper: link, shell: shell.handlers, watch, onInternalError }, method, params),
    openWatch: (send) => mirror.open(send),
    greeting: () => ({ kind: 'link', link: link.link() }),
  });
  const link: LinkKeeper = keepLink({
    ...{ socketPath, mirror, startCommand: commandFor(socketPath) },
    onLink: (now) => windows.push({ kind: 'link', link: now }),
    onEvent: (event) => windows.push({ kind: 'event', event }),
  });
  return {
    accept: (request, socket, head) => windows.accept(request, socket, head),
    close() {
      link.close();
      windows.close();
    },
  };
}

/** The helper's program is of the same package, or of the same checkout. */
function commandFor(socketPath: string): string {
  const programs = programsBelow(join(import.meta.dirname, '..', '..', '..'));
  return startCommand({ socketPath, userName: currentUserName(), programs, image: null, isThere });
}
