/**
 * Takes pictures of a page: light and dark, wide and narrow, each under a name that says what it shows.
 * @module
 */
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const themes = ['light', 'dark'] as const;
const widths = [1280, 800] as const;
const height = 800;
/** What people set who see little: more contrast, and colours of the system's own. */
const looks = {
  contrast: { colorScheme: 'light', contrast: 'more', forcedColors: 'none' },
  'contrast-dark': { colorScheme: 'dark', contrast: 'more', forcedColors: 'none' },
  forced: { colorScheme: 'dark', contrast: 'no-preference', forcedColors: 'active' },
} as const;

/** The camera. */
export class Camera {
  readonly #page: Page;
  readonly #folder: string;
  /** Pictures taken. */
  count = 0;

  constructor(page: Page, folder: string) {
    this.#page = page;
    this.#folder = folder;
  }

  /** What is on the page, seven times. */
  async take(name: string): Promise<void> {
    await this.#page.mouse.move(0, 0); // nothing is hovered
    for (const width of widths) {
      await this.#page.setViewportSize({ width, height });
      // What is drawn by width is drawn anew in the frame after.
      await this.#page.waitForTimeout(150);
      for (const theme of themes) {
        await this.#page.emulateMedia({ colorScheme: theme });
        const path = join(this.#folder, `${name}-${width === 1280 ? '' : `${width}-`}${theme}.png`);
        await this.#shoot(path);
        this.count += 1;
      }
    }
    await this.#page.setViewportSize({ width: widths[0], height });
    for (const [look, media] of Object.entries(looks)) {
      await this.#page.emulateMedia(media);
      await this.#page.waitForTimeout(150);
      await this.#shoot(join(this.#folder, `${name}-${look}.png`));
      this.count += 1;
    }
    await this.#page.emulateMedia({ colorScheme: 'light', contrast: 'no-preference', forcedColors: 'none' });
  }

  /** Once in thousands of pictures Chromium has no frame to give, until it is asked again. */
  async #shoot(path: string): Promise<void> {
    const options = { path, animations: 'disabled' } as const;
    await this.#page.screenshot({ ...options, timeout: 20_000 }).catch(() => this.#page.screenshot(options));
  }

  /** Go to a sheet, wait until `content` is there, and take it. */
  async takeSheet(name: string, address: string, content: string | RegExp): Promise<void> {
    await this.#page.evaluate((hash) => {
      location.hash = hash;
    }, address);
    await this.#page.getByText(content).filter({ visible: true }).first().waitFor();
    await this.#page.waitForTimeout(200);
    await this.take(name);
  }
}
