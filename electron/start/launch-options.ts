/**
 * What the app was started with: words of the command line, and of the environment. A second start hands its words to
 * the first, so they are read from a list, not from the process.
 * @module
 */
import { defaultSocketPath } from '#core/client/socket-path.ts';

/** What the app was started with. */
export type LaunchOptions = {
  /** The helper's control socket. */
  readonly socketPath: string;
  /** Started at login: no window until it is asked for, where a tray shows the icon. */
  readonly isHidden: boolean;
};

/** The word of an autostart entry. */
export const hiddenOption = '--hidden';

const socketOption = '--socket=';

/** Read `words`; the last of two alike counts, and what is not ours is Chromium's. */
export function readLaunchOptions(words: readonly string[], environment: NodeJS.ProcessEnv): LaunchOptions {
  const socket = words.findLast((word) => word.startsWith(socketOption))?.slice(socketOption.length);
  return {
    socketPath: socket || environment['CULVERT_SOCKET'] || defaultSocketPath,
    isHidden: words.includes(hiddenOption),
  };
}
