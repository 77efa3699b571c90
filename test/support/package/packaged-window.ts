/**
 * The window out of a package, as an ordinary user starts it: its sandbox on, its fuses as they were packed. Node.js's
 * debugger is shut in it, so Chromium's drives the page (DevTools protocol), which can do no more than the page can.
 * @module
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { appUser } from '../electron/test-desktop.ts';
import { end, startDisplay, type TestDisplay } from '../electron/display.ts';
import { until } from '../until.ts';

/** Starts and pages are waited for this long: the machine may be busy. */
const patienceMs = 60_000;

/** How it is started. */
export type PackagedOptions = {
  /** The primary group; nobody's by default. */
  readonly group?: number;
  /** Words before those that open the debugger. */
  readonly words?: readonly string[];
  /** Added to an environment that has nothing but a home, a screen and the usual path. */
  readonly environment?: Readonly<Record<string, string>>;
};

/** A screen and a home of the test's own, and what was started on it. */
export class PackagedWindow {
  readonly #program: string;
  readonly #within: readonly string[];
  readonly #home: string;
  readonly #display: TestDisplay;
  #child: ChildProcess | null = null;
  #browser: Browser | null = null;
  #log = '';

  private constructor(program: string, within: readonly string[], home: string, display: TestDisplay) {
    this.#program = program;
    this.#within = within;
    this.#home = home;
    this.#display = display;
  }

  /** A place to start `program` in; `within` are words before it, of a program that becomes it. */
  static async prepare(program: string, within: readonly string[] = []): Promise<PackagedWindow> {
    const home = mkdtempSync(join(tmpdir(), 'culvert-packaged-'));
    chownSync(home, appUser, appUser);
    return new PackagedWindow(program, within, home, await startDisplay());
  }

  /** Everything that the program has said since its last start. */
  get log(): string {
    return this.#log;
  }

  /** The process id of the app's main process. */
  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Start it, and wait for its page. */
  async open(options: PackagedOptions = {}): Promise<Page> {
    this.start({ ...options, words: [...(options.words ?? []), '--remote-debugging-port=0'] });
    // A driver that comes before the page does can miss it.
    await until(async () => this.hasEnded() || (await this.#showsPage()), patienceMs);
    if (this.hasEnded()) throw new Error(`the window ended: ${this.#log}`);
    // Electron has none of the browser's contexts that the driver would set up.
    this.#browser = await chromium.connectOverCDP(this.#debugger, { noDefaults: true, timeout: patienceMs });
    const page = this.#browser.contexts()[0]?.pages()[0];
    if (page === undefined) throw new Error('the window has no page');
    page.setDefaultTimeout(patienceMs);
    await page.getByRole('navigation').waitFor();
    return page;
  }

  /** Where Chromium's debugger listens; empty until it does. */
  get #debugger(): string {
    return /DevTools listening on ws:\/\/([\d.:]+)/.exec(this.#log)?.[1]?.replace(/^/, 'http://') ?? '';
  }

  async #showsPage(): Promise<boolean> {
    if (this.#debugger === '') return false;
    const answer = await fetch(`${this.#debugger}/json/list`);
    const targets = (await answer.json()) as readonly { readonly type: string; readonly title: string }[];
    return targets.some(({ type, title }) => type === 'page' && title !== '');
  }

  /** Start it, and wait for nothing. */
  start({ group = appUser, words = [], environment = {} }: PackagedOptions = {}): ChildProcess {
    const user = [`--reuid=${appUser}`, `--regid=${group}`, '--clear-groups', '--inh-caps=-all'];
    const [first = '', ...rest] = [...this.#within, 'setpriv', ...user, this.#program, ...words, '--disable-gpu'];
    const child = spawn(first, rest, {
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: '/',
      env: {
        ...{ PATH: '/usr/bin:/bin', HOME: this.#home, TMPDIR: this.#home, DISPLAY: this.#display.name },
        ...environment,
      },
    });
    this.#log = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (this.#log += text));
    this.#child = child;
    return child;
  }

  /** Whether what was started has ended by itself. */
  hasEnded(): boolean {
    return this.#child !== null && (this.#child.exitCode !== null || this.#child.signalCode !== null);
  }

  /** End what was started; it can be started again. */
  async close(): Promise<void> {
    await this.#browser?.close().catch(() => {});
    this.#browser = null;
    if (this.#child !== null) await end(this.#child);
    this.#child = null;
  }

  /** End everything, and leave nothing. */
  async dispose(): Promise<void> {
    await this.close();
    await this.#display.stop();
    rmSync(this.#home, { recursive: true, force: true, maxRetries: 10 });
  }
}
