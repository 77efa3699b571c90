/**
 * The window in Debian's Chromium, over a real `culvert ui` to a real culvertd.
 * @module
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

/** Where Debian installs it. */
const chromiumPath = '/usr/bin/chromium';

/** How a page looks at first. */
export type PageOptions = {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: 'light' | 'dark';
  /** Lets a test run scripts of its own in the page, which the page's policy forbids. */
  readonly bypassesPolicy?: boolean;
};

/** Who runs `culvert ui`. */
export type UiOptions = {
  /** A user and group id; this process's by default. */
  readonly userId?: number;
};

/** `culvert ui` with a browser. */
export class UiWindow {
  readonly #server: ChildProcess;
  readonly #browser: Browser;
  readonly #folder: string;
  readonly #lines: AsyncIterator<string>;
  #isFirst = true;
  readonly #first: string;
  /** What the pages wrote into their consoles as errors, and what they threw. */
  readonly complaints: string[] = [];
  /** Every frame that came over the page's WebSockets. */
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
  static async open(socket: string, { userId }: UiOptions = {}): Promise<UiWindow> {
    const folder = mkdtempSync(join(tmpdir(), 'culvert-ui-'));
    if (userId !== undefined) chownSync(folder, userId, userId);
    const server = spawn(process.execPath, ['core/cli/main.ts', '--socket', socket, 'ui'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, XDG_CONFIG_HOME: folder },
      ...(userId === undefined ? {} : { uid: userId, gid: userId }),
    });
    const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
    const first = await lines.next();
    const browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
    return new UiWindow(server, browser, folder, lines, String(first.value));
  }

  /** The page, entered with the address that was printed; once for a window. */
  async page(options: PageOptions = {}): Promise<Page> {
    if (!this.#isFirst) throw new Error('the address of culvert ui works once');
    this.#isFirst = false;
    const context = await this.#context(options);
    const page = await context.newPage();
    page.on('console', (message) => {
      // The entry page is refused the page's files until it has a session.
      if (message.type() === 'error' && !message.text().includes('403')) this.complaints.push(message.text());
    });
    page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => this.frames.push(String(payload))));
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    await page.goto(this.#first);
    await page.getByRole('navigation').waitFor();
    return page;
  }

  /** End both. */
  async close(): Promise<void> {
    await this.#browser.close();
    const exited = new Promise((resolve) => this.#server.once('exit', resolve));
    this.#server.kill('SIGTERM');
    await exited;
    await this.#lines.return?.();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #context(options: PageOptions): Promise<BrowserContext> {
    const { width = 1280, height = 800, theme = 'light', bypassesPolicy = false } = options;
    return this.#browser.newContext({
      viewport: { width, height },
      colorScheme: theme,
      reducedMotion: 'reduce',
      bypassCSP: bypassesPolicy,
    });
  }
}
