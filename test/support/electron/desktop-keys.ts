/**
 * The keyboard of a test's desktop: keys go to the X server as a person's do, and a small window manager gives them to the
 * window in front.
 * @module
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { end } from './display.ts';
import type { TestDesktop } from './test-desktop.ts';
import { until } from '../until.ts';

/** The keyboard, and the window manager. */
export class DesktopKeys {
  readonly #desktop: TestDesktop;
  readonly #manager: ChildProcess;

  private constructor(desktop: TestDesktop, manager: ChildProcess) {
    this.#desktop = desktop;
    this.#manager = manager;
  }

  /** Start the window manager, and wait until it manages. */
  static async start(desktop: TestDesktop): Promise<DesktopKeys> {
    const manager = spawn('openbox', ['--sm-disable'], { env: desktop.environment, stdio: 'ignore' });
    const keys = new DesktopKeys(desktop, manager);
    await until(() => keys.#isManaged());
    return keys;
  }

  /** Press `key`, in xdotool's words: `ctrl+comma`. */
  press(key: string): void {
    this.#run('search', '--sync', '--onlyvisible', '--name', '^Culvert$', 'windowactivate', '--sync');
    this.#run('key', '--clearmodifiers', key);
  }

  /** End the window manager. */
  stop(): Promise<void> {
    return end(this.#manager);
  }

  #isManaged(): boolean {
    try {
      return this.#run('get_num_desktops').trim() !== '';
    } catch {
      return false;
    }
  }

  #run(...words: readonly string[]): string {
    return execFileSync('xdotool', [...words], {
      env: this.#desktop.environment,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 20_000,
    });
  }
}
