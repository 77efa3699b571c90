/**
 * The window in Debian's Chromium, over a real `culvert ui` to a real culvertd.
 * @module
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium, type Browser, type Page, type Response } from 'playwright-core';
import type { PageOptions, UiOptions, UiWindow } from './ui-window.ts';

/** Where Debian installs it. */
const chromiumPath = '/usr/bin/chromium';

/** What a benchmark does beside the suites: a browser and a tab that are there already, and ears from the first answer on. */
type BrowserOptions = { readonly browser?: Browser };
type PageEars = { readonly tab?: Page; readonly onResponse?: (response: Response) => void };

/** `culvert ui` with a browser. */
export class BrowserWindow implements UiWindow {
  readonly #server: ChildProcess;
  readonly #browser: Browser;
  readonly #folder: string;
  readonly #lines: AsyncIterator<string>;
  #isFirst = true;
  readonly #first: string;
  readonly complaints: string[] = [];
  readonly frames: string[] = [];

  private constructor(
    server: ChildProcess,
    browser: Browser,
    folder: string,
    lines: AsyncIterator<string>,
    first: string,
  ) {
    this.#server = server;
    this.#browser = browser;
    this.#folder = folder;
    this.#lines = lines;
    this.#first = first;
  }

  /** What is missing for it; null when all is there. */
  static missing(): string | null {
    if (!existsSync(chromiumPath)) return 'chromium (npm test installs it)';
    return existsSync('dist/renderer/index.html') ? null : 'the page (node build/renderer.ts)';
  }

  /** Start both for the helper at `socket`. */
  static async open(socket: string, { userId, browser }: UiOptions & BrowserOptions = {}): Promise<BrowserWindow> {
    const folder = mkdtempSync(join(tmpdir(), 'culvert-ui-'));
    if (userId !== undefined) chownSync(folder, userId, userId);
    const server = spawn(process.execPath, ['build/bin/culvert.mjs', '--socket', socket, 'ui'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, XDG_CONFIG_HOME: folder },
      ...(userId === undefined ? {} : { uid: userId, gid: userId }),
    });
    const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
    const first = await lines.next();
    if (first.done === true) {
      rmSync(folder, { recursive: true, force: true });
      throw new Error('culvert ui ended before it printed an address');
    }
    const shown = browser ?? (await BrowserWindow.launchBrowser());
    return new BrowserWindow(server, shown, folder, lines, String(first.value));
  }

  /** Start the browser alone. */
  static launchBrowser(): Promise<Browser> {
    return chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
  }

  /** A tab of its own, with nothing in it yet. */
  static async emptyTab(browser: Browser, options: PageOptions = {}): Promise<Page> {
    const { width = 1280, height = 800, theme = 'light', bypassesPolicy = false } = options;
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme: theme,
      reducedMotion: 'reduce',
      bypassCSP: bypassesPolicy,
    });
    return context.newPage();
  }

  /** Process id of `culvert ui`. */
  get serverPid(): number | undefined {
    return this.#server.pid;
  }

  /** The page, entered with the address that was printed. */
  async page(options: PageOptions & PageEars = {}): Promise<Page> {
    if (!this.#isFirst) throw new Error('the address of culvert ui works once');
    this.#isFirst = false;
    const page = options.tab ?? (await BrowserWindow.emptyTab(this.#browser, options));
    page.on('console', (message) => {
      // The entry page is refused the page's files until it has a session.
      if (message.type() === 'error' && !message.text().includes('403'))
        this.complaints.push(`${message.text()} ${message.location().url}`);
    });
    page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => this.frames.push(String(payload))));
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    if (options.onResponse !== undefined) page.on('response', options.onResponse);
    await page.goto(this.#first);
    await page.getByRole('navigation').waitFor();
    return page;
  }

  async saved(act: () => Promise<void>): Promise<string> {
    const [download] = await Promise.all([this.#shown().waitForEvent('download'), act()]);
    return readFileSync(await download.path(), 'utf8');
  }

  async choose(act: () => Promise<void>, path: string): Promise<void> {
    const [chooser] = await Promise.all([this.#shown().waitForEvent('filechooser'), act()]);
    await chooser.setFiles(path);
  }

  async askAsPage(method: string, params: object): Promise<void> {
    const page = this.#shown();
    await page.evaluate(
      ([host, request]) => {
        // As the page itself opens it: with the key of its session.
        const protocols = ['culvert', localStorage.getItem('culvert-relay-key') ?? ''];
        const socket = new WebSocket(`ws://${host}/relay`, protocols);
        socket.onopen = () => socket.send(request);
      },
      [new URL(page.url()).host, JSON.stringify({ id: 1, method, params })] as const,
    );
  }

  /** End both. */
  async close(): Promise<void> {
    await this.#browser.close();
    if (this.#server.exitCode === null) {
      const exited = new Promise((resolve) => this.#server.once('exit', resolve));
      this.#server.kill('SIGTERM');
      await exited;
    }
    await this.#lines.return?.();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #shown(): Page {
    const page = this.#browser.contexts()[0]?.pages()[0];
    if (page === undefined) throw new Error('there is no page');
    return page;
  }
}
