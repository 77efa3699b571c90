/**
 * Which of the three ways `npm start` takes on this machine, and why: the desktop app in Electron's own runtime, the
 * same in the test runtime, or the window in a browser.
 * @module
 */

/** What the decision is made from. */
export type Machine = {
  readonly platform: NodeJS.Platform;
  readonly isRoot: boolean;
  /** A screen to open a window on: X11's or Wayland's; macOS always has one. */
  readonly hasDisplay: boolean;
  /** Electron's own program; null where its download is not there. */
  readonly electron: string | null;
  /** What keeps the test runtime from this machine; null for nothing. */
  readonly missingForTestRuntime: string | null;
};

/** A way, and the line that says which it is. */
export type WayToStart = { readonly way: 'electron' | 'test-runtime' | 'browser'; readonly because: string };

/** Choose. */
export function chooseWayToStart(machine: Machine): WayToStart {
  const browser = (because: string): WayToStart => ({ way: 'browser', because: `culvert ui in a browser: ${because}` });
  if (!machine.hasDisplay) return browser('there is no display');
  if (machine.platform === 'linux' && machine.isRoot) return browser('Electron has no sandbox for root');
  if (machine.electron !== null) return { way: 'electron', because: `the desktop app, in ${machine.electron}` };
  if (machine.missingForTestRuntime === null) {
    return {
      way: 'test-runtime',
      because: 'the desktop app in a test runtime, not for use: Electron is not downloaded',
    };
  }
  return browser(`Electron is not downloaded, and its test runtime lacks ${machine.missingForTestRuntime}`);
}
