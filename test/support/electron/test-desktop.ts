/**
 * A desktop of the test's own, with the app on it as an ordinary user: screen, session bus, home. The sandbox is on, as
 * it is for people; a test that runs as root hands the app to another user.
 * @module
 */
import { spawn } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { testAppFolder } from '#build/window/app.ts';
import { findTestRuntime } from '#build/window/test-runtime.ts';
import { startDisplay, type TestDisplay } from './display.ts';
import { startBus, type TestBus } from './session-bus.ts';

/** nobody, who owns nothing and is in no group. */
export const appUser = 65534;

/** Long enough for a busy machine. */
const patienceMs = 60_000;

/** What Playwright loads before an app that it has found itself. */
const driverLoader = 'node_modules/playwright-core/lib/server/electron/loader.js';

/** A started app, and what it said on standard error. */
export type StartedApp = { readonly app: ElectronApplication; readonly page: Page; log(): string };

/** A desktop. */
export class TestDesktop {
  /** Readable by everyone; the app's home is below it. */
  readonly folder: string;
  readonly display: TestDisplay;
  readonly bus: TestBus;
  /** What this desktop looks like, for programs on it: `GTK_THEME`. */
  readonly #look: Readonly<Record<string, string>>;
  readonly #running: ElectronApplication[] = [];

  private constructor(folder: string, display: TestDisplay, bus: TestBus, look: Readonly<Record<string, string>>) {
    this.folder = folder;
    this.display = display;
    this.bus = bus;
    this.#look = look;
  }

  /** Start one. */
  static async start(look: Readonly<Record<string, string>> = {}): Promise<TestDesktop> {
    const folder = mkdtempSync(join(tmpdir(), 'culvert-desktop-'));
    chmodSync(folder, 0o755);
    mkdirSync(join(folder, 'home'), { mode: 0o700 });
    cpSync(testAppFolder, join(folder, 'app'), { recursive: true });
    mkdirSync(join(folder, 'session'), { mode: 0o700 });
    for (const own of ['home', 'session']) {
      if (process.getuid?.() === 0) chownSync(join(folder, own), appUser, appUser);
    }
    writeFileSync(join(folder, 'electron'), launcher(), { mode: 0o755 });
    cpSync(driverLoader, join(folder, 'driver-loader.cjs'));
    return new TestDesktop(folder, await startDisplay(), await startBus(folder), look);
  }

  /** The app's home. */
  get homeFolder(): string {
    return join(this.folder, 'home');
  }

  /** What goes when the session ends. */
  get sessionFolder(): string {
    return join(this.folder, 'session');
  }

  /** Where the app keeps its settings. */
  get configFolder(): string {
    return join(this.homeFolder, '.config');
  }

  /** Environment of programs on this desktop. */
  get environment(): Record<string, string> {
    return {
      ...this.#look,
      PATH: process.env['PATH'] ?? '',
      HOME: this.homeFolder,
      XDG_CONFIG_HOME: this.configFolder,
      XDG_RUNTIME_DIR: this.sessionFolder,
      DISPLAY: this.display.name,
      DBUS_SESSION_BUS_ADDRESS: this.bus.address,
    };
  }

  /** Words that start the app by its launcher. */
  words(...more: readonly string[]): readonly string[] {
    return ['--disable-gpu', join(this.folder, 'app'), ...more];
  }

  /** Start the app and wait for its window. */
  async open(...more: readonly string[]): Promise<StartedApp> {
    const app = await this.launch(...more);
    let log = '';
    app.process().stderr?.on('data', (chunk: Buffer) => (log += String(chunk)));
    try {
      const page = await app.firstWindow({ timeout: patienceMs });
      await page.waitForSelector('h1');
      return { app, page, log: () => log };
    } catch (error) {
      await app.close().catch(() => {});
      throw error;
    }
  }

  /**
   * Start the app; its window comes later, or not at all. Playwright loads its own first file, which holds the app back
   * until the driver listens, only into a program that it has found itself. A program that it is given starts at once,
   * and where the driver comes while the page is being loaded it waits for ever for one that is there already
   * (microsoft/playwright#17765, #27658). So the file is named here.
   */
  async launch(...more: readonly string[]): Promise<ElectronApplication> {
    const app = await _electron.launch({
      executablePath: join(this.folder, 'electron'),
      args: ['-r', join(this.folder, 'driver-loader.cjs'), ...this.words(...more)],
      env: this.environment,
      chromiumSandbox: true,
      timeout: patienceMs,
    });
    this.#running.push(app);
    return app;
  }

  /** Start it once more; gives the exit status. */
  startAgain(): Promise<number | null> {
    return new Promise((resolve) => {
      const child = spawn(join(this.folder, 'electron'), [...this.words()], { env: this.environment, stdio: 'ignore' });
      child.once('exit', (code) => resolve(code));
    });
  }

  /** End everything, and leave nothing. */
  async stop(): Promise<void> {
    for (const app of this.#running) await app.close().catch(() => {});
    await this.bus.stop();
    await this.display.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Root hands over to another user: the engine refuses to run as root with its sandbox on. */
function launcher(): string {
  const program = findTestRuntime() ?? '';
  const drop =
    process.getuid?.() === 0 ? `setpriv --reuid ${appUser} --regid ${appUser} --clear-groups --inh-caps=-all ` : '';
  return `#!/bin/sh\nexec ${drop}'${program}' "$@"\n`;
}
