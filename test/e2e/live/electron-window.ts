/**
 * The window in a real Electron, on a desktop of the test's own, as nobody and with the sandbox on.
 * @module
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication, Page } from 'playwright-core';
import { missingForDesktop } from '#build/test/machine.ts';
import { testAppFolder } from '#test/support/electron/test-build.ts';
import { TestDesktop, type StartedApp } from '#test/support/electron/test-desktop.ts';
import { until } from '#test/support/electron/until.ts';
import type { PageOptions, UiWindow } from './ui-window.ts';

/** The desktop app. */
export class ElectronWindow implements UiWindow {
  readonly complaints: string[] = [];
  readonly frames: readonly string[] = [];
  readonly #desktop: TestDesktop;
  readonly #started: StartedApp;
  #saves = 0;

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
      return new ElectronWindow(desktop, await desktop.open(`--socket=${socket}`));
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
    const path = join(this.#desktop.homeFolder, `saved-${(this.#saves += 1)}`);
    await chooseInDialogs(this.#started.app, path);
    await act();
    await until(() => Promise.resolve(existsSync(path)));
    const mode = statSync(path).mode & 0o777;
    const text = readFileSync(path, 'utf8');
    if (text.includes('"secrets":{') && mode !== 0o600)
      throw new Error(`secrets in a file of mode ${mode.toString(8)}`);
    return text;
  }

  async close(): Promise<void> {
    await this.#desktop.stop();
  }
}

function chooseInDialogs(app: ElectronApplication, path: string): Promise<void> {
  return app.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, path);
}
