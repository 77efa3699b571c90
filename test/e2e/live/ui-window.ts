/**
 * The window as the suites drive it, whatever shows it: Debian's Chromium over `culvert ui`, or, where CULVERT_TEST_WINDOW
 * is "electron", the desktop app in a real Electron.
 * @module
 */
import type { Page } from 'playwright-core';
import { appUser } from '#test/support/electron/test-desktop.ts';
import { BrowserWindow } from './browser-window.ts';
import { ElectronWindow } from './electron-window.ts';

/** How a page looks at first. */
export type PageOptions = {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: 'light' | 'dark';
  /** Lets a test run scripts of its own in the page, which the page's policy forbids. Electron's debugger may anyway. */
  readonly bypassesPolicy?: boolean;
};

/** Who shows it. */
export type UiOptions = {
  /** A user and group id; this process's by default. Electron always runs as nobody. */
  readonly userId?: number;
};

/** A window over a helper. */
export type UiWindow = {
  /** What the pages wrote into their consoles as errors, and what they threw. */
  readonly complaints: readonly string[];
  /** Everything that came to the page: frames of its WebSockets, or what Electron's main process answered and told. */
  readonly frames: readonly string[];
  /** The page; once for a window. */
  page(options?: PageOptions): Promise<Page>;
  /** The text that `act` in the page has saved to a file. */
  saved(act: () => Promise<void>): Promise<string>;
  /** Have the person choose the file at `path` in the dialog that `act` opens. */
  choose(act: () => Promise<void>, path: string): Promise<void>;
  /** Ask the helper as the page's own code does; the answer comes among the frames. */
  askAsPage(method: string, params: object): Promise<void>;
  close(): Promise<void>;
};

const isElectron = process.env['CULVERT_TEST_WINDOW'] === 'electron';

/** Either of both. */
export const UiWindow = {
  /** What is missing for it; null when all is there. */
  missing(): string | null {
    return isElectron ? ElectronWindow.missing() : BrowserWindow.missing();
  },
  /** Words for a helper that takes changes from the window's user; where a user is named, it is one who only reads. */
  helperWords({ userId }: UiOptions = {}): readonly string[] {
    return isElectron && userId === undefined ? ['--operator', String(appUser)] : [];
  },
  /** Start it for the helper at `socket`. */
  open(socket: string, options: UiOptions = {}): Promise<UiWindow> {
    return isElectron ? ElectronWindow.open(socket) : BrowserWindow.open(socket, options);
  },
};
