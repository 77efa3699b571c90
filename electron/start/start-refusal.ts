/**
 * Where the app does not start, and what does: asked before the engine opens anything, for its own words are for those who
 * built it.
 * @module
 */

/** What the answer is made from. */
export type Surroundings = {
  readonly platform: NodeJS.Platform;
  /** Null where there are no user ids. */
  readonly userId: number | null;
  readonly environment: NodeJS.ProcessEnv;
};

/** Why the app does not start here, with the way out; null where it does. */
export function whyNotHere({ platform, userId, environment }: Surroundings): string | null {
  if (userId === 0) {
    return 'the window does not run as root: start it as yourself. culvertd is what needs root, and culvert works as any user.';
  }
  const hasDisplay = ['DISPLAY', 'WAYLAND_DISPLAY'].some((name) => Boolean(environment[name]));
  if (platform === 'linux' && !hasDisplay) {
    return 'there is no display to open a window on (DISPLAY and WAYLAND_DISPLAY are not set): "culvert ui" shows it in a browser, "culvert status" in a terminal.';
  }
  return null;
}

/** What takes the page's sandbox away (Chromium's list of switches). Launchers add the first one on their own. */
const openingSwitches = ['no-sandbox', 'disable-seccomp-filter-sandbox', 'single-process'] as const;

/** Which of them the engine was started with; null for none. */
export function openedSandbox(hasSwitch: (name: string) => boolean): string | null {
  return openingSwitches.find(hasSwitch) ?? null;
}

/** Why the app does not start so, with the way out. */
export function whyNotOpen(name: string): string {
  return [
    `the window does not run without its sandbox, and was started with --${name}.`,
    'An AppImage is started so where this system lets ordinary users make no user namespaces, which the sandbox is made of:',
    'install the deb or the rpm instead, whose sandbox works there, too.',
    '"culvert ui" shows the window in a browser, "culvert status" tunnels in a terminal.',
  ].join(' ');
}
