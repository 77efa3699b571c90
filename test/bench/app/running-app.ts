/**
 * The desktop app as a person starts it, on a desktop of the benchmark's own: no driver holds it back, and the page is
 * looked at only after it has been painted.
 * @module
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import type { DesktopKeys } from '#test/support/electron/desktop-keys.ts';
import { end } from '#test/support/electron/display.ts';
import { appUser, type TestDesktop } from '#test/support/electron/test-desktop.ts';

const patienceMs = 60_000;

/** A started app. */
export class RunningApp {
  readonly startedMs: number;
  readonly #child: ChildProcess;
  readonly #page: WebSocket;
  #asked = 0;

  private constructor(startedMs: number, child: ChildProcess, page: WebSocket) {
    this.startedMs = startedMs;
    this.#child = child;
    this.#page = page;
  }

  /** Start it by `program` for the helper at `socket`, and wait for its page. */
  static async start(desktop: TestDesktop, program: readonly string[], socket: string): Promise<RunningApp> {
    const words = [
      ...['--reuid', String(appUser), '--regid', String(appUser), '--clear-groups', '--inh-caps=-all'],
      ...program,
      ...['--disable-gpu', '--remote-debugging-port=0', `--socket=${socket}`],
    ];
    const startedMs = Date.now();
    const child = spawn('setpriv', words, { env: desktop.environment, stdio: ['ignore', 'ignore', 'pipe'] });
    try {
      const page = new WebSocket(await pageAddress(await debuggerPort(child)));
      await new Promise((settle, reject) => {
        page.addEventListener('open', settle, { once: true });
        page.addEventListener('error', () => reject(new Error('the page cannot be looked at')), { once: true });
      });
      return new RunningApp(startedMs, child, page);
    } catch (error) {
      await end(child);
      throw error;
    }
  }

  /** Its first process. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** What `script` gives in the page (the DevTools protocol's Runtime.evaluate). */
  evaluate(script: string): Promise<unknown> {
    const id = (this.#asked += 1);
    return new Promise((settle, reject) => {
      this.#page.addEventListener('close', () => reject(new Error('the app has gone')), { once: true });
      const hear = ({ data }: MessageEvent): void => {
        const answer = JSON.parse(String(data)) as { id?: number; result?: { result?: { value?: unknown } } };
        if (answer.id !== id) return;
        this.#page.removeEventListener('message', hear);
        settle(answer.result?.result?.value);
      };
      this.#page.addEventListener('message', hear);
      const params = { expression: script, returnByValue: true };
      this.#page.send(JSON.stringify({ id, method: 'Runtime.evaluate', params }));
    });
  }

  /** Close the window to the tray, as a person does. */
  async hide(keys: DesktopKeys): Promise<void> {
    keys.press('ctrl+w');
    const giveUpMs = performance.now() + patienceMs;
    while ((await this.evaluate('document.hidden')) !== true) {
      if (performance.now() > giveUpMs) throw new Error('the window does not go to the tray');
      await setTimeout(100);
    }
  }

  /** End it. */
  async stop(): Promise<void> {
    this.#page.close();
    await end(this.#child);
  }
}

/** Where it listens, as it says on standard error. */
function debuggerPort(child: ChildProcess): Promise<string> {
  return new Promise((settle, reject) => {
    let text = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      text += String(chunk);
      const port = /DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)/.exec(text)?.[1];
      if (port !== undefined) settle(port);
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`the app ended: ${text.slice(0, 500)}`)));
  });
}

async function pageAddress(port: string): Promise<string> {
  const giveUpMs = performance.now() + patienceMs;
  while (performance.now() < giveUpMs) {
    const answer = await fetch(`http://127.0.0.1:${port}/json/list`);
    const targets = (await answer.json()) as readonly { type: string; webSocketDebuggerUrl: string }[];
    const page = targets.find(({ type }) => type === 'page');
    if (page !== undefined) return page.webSocketDebuggerUrl;
    await setTimeout(20);
  }
  throw new Error('the app shows no page');
}
