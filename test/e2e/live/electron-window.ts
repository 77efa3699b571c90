/**
 * The window in a real Electron, on a desktop of the test's own, as nobody and with the sandbox on.
 * @module
 */
import { chownSync, copyFileSync, existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { missingForDesktop } from '#build/test/machine.ts';
import { testAppFolder } from '#build/window/app.ts';
import { hearPage } from '#test/support/electron/page-ears.ts';
import { appUser, TestDesktop, type StartedApp } from '#test/support/electron/test-desktop.ts';
import { until } from '#test/support/until.ts';
import type { PageOptions, UiWindow } from './ui-window.ts';

/** The desktop app. */
export class ElectronWindow implements UiWindow {
  readonly complaints: string[] = [];
  frames: readonly string[] = [];
  readonly #desktop: TestDesktop;
  readonly #started: StartedApp;
  #files = 0;

  private constructor(desktop: TestDesktop, started: StartedApp) {
    this.#desktop = desktop;
    this.#started = started;
  }

  /** What is missing for it; null when all is there. */
  static missing(): string | null {
    const machine = missingForDesktop();
    if (machine !== null) return machine;
    return existsSync(testAppFolder) ? null : 'the app (node test/support/electron/test-build.ts)';
  }

  /** Start it for the helper at `socket`. */
  static async open(socket: string): Promise<ElectronWindow> {
    const desktop = await TestDesktop.start();
    try {
      const window = new ElectronWindow(desktop, await desktop.open(`--socket=${socket}`));
      window.frames = await hearPage(window.#started.app);
      return window;
    } catch (error) {
      await desktop.stop();
      throw error;
    }
  }

  async page({ width = 1180, height = 760, theme = 'light' }: PageOptions = {}): Promise<Page> {
    const { page } = this.#started;
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await page.getByRole('navigation').waitFor();
    return page;
  }

  /** The person chooses a place in the dialog at once; a secret is for them alone. */
  async saved(act: () => Promise<void>): Promise<string> {
    const path = this.#nextFile();
    await this.#started.app.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
    }, path);
    await act();
    await until(() => existsSync(path));
    const mode = statSync(path).mode & 0o777;
    const text = readFileSync(path, 'utf8');
    if (text.includes('"secrets":{') && mode !== 0o600)
      throw new Error(`secrets in a file of mode ${mode.toString(8)}`);
    return text;
  }

  /** The person has a copy of the file in their own home. */
  async choose(act: () => Promise<void>, path: string): Promise<void> {
    const own = this.#nextFile();
    copyFileSync(path, own);
    chownSync(own, appUser, appUser);
    await this.#started.app.evaluate(({ dialog }, filePath) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [filePath] });
    }, own);
    await act();
  }

  async askAsPage(method: string, params: object): Promise<void> {
    await this.#started.page.evaluate(`void window.culvert.ask(${JSON.stringify(method)}, ${JSON.stringify(params)})`);
  }

  async close(): Promise<void> {
    await this.#desktop.stop();
  }

  #nextFile(): string {
    return join(this.#desktop.homeFolder, `file-${(this.#files += 1)}`);
  }
}
