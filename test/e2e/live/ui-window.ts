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
  /** Every frame that came over the page's WebSockets; Electron has none. */
  readonly frames: readonly string[];
  /** The page; once for a window. */
  page(options?: PageOptions): Promise<Page>;
  /** The text that `act` in the page has saved to a file. */
  saved(act: () => Promise<void>): Promise<string>;
  close(): Promise<void>;
};

const isElectron = process.env['CULVERT_TEST_WINDOW'] === 'electron';

/** Either of both. */
export const UiWindow = {
  /** What is missing for it; null when all is there. */
  missing(): string | null {
    return isElectron ? ElectronWindow.missing() : BrowserWindow.missing();
  },
  /** Words for a helper that takes changes from the window's user. */
  helperWords(): readonly string[] {
    return isElectron ? ['--operator', String(appUser)] : [];
  },
  /** Start it for the helper at `socket`. */
  open(socket: string, options: UiOptions = {}): Promise<UiWindow> {
    return isElectron ? ElectronWindow.open(socket) : BrowserWindow.open(socket, options);
  },
};
