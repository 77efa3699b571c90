/**
 * A pair of gateways with the window over the left one, for one suite of tests.
 * @module
 */
import type { Page } from 'playwright-core';
import { missingForTunnels } from '#test/support/native-package.ts';
import { GatewayPair } from './gateway-pair.ts';
import { UiWindow, type PageOptions, type UiOptions } from './ui-window.ts';

/** Longest that a page of a busy machine may take for anything. */
const patienceMs = 20_000;

/** Both. */
export class LiveWindow {
  readonly pair: GatewayPair;
  readonly window: UiWindow;
  readonly page: Page;

  private constructor(pair: GatewayPair, window: UiWindow, page: Page) {
    this.pair = pair;
    this.window = window;
    this.page = page;
  }

  /** What is missing for it; false when all is there. */
  static missing(): string | false {
    return missingForTunnels() ?? UiWindow.missing() ?? false;
  }

  /** Make both; `prepare` runs before the page is opened. */
  static async open(
    options: PageOptions & UiOptions = {},
    prepare: (pair: GatewayPair) => Promise<void> = async () => {},
  ): Promise<LiveWindow> {
    const pair = await GatewayPair.create(UiWindow.helperWords(options));
    let window: UiWindow | null = null;
    try {
      await prepare(pair);
      window = await UiWindow.open(pair.left.culvertd.socket, options);
      const page = await window.page(options);
      page.setDefaultTimeout(patienceMs);
      return new LiveWindow(pair, window, page);
    } catch (error) {
      await window?.close();
      await pair.dispose();
      throw error;
    }
  }

  /** Go to a sheet as a link does. */
  async goTo(address: string): Promise<void> {
    await this.page.evaluate((hash) => {
      location.hash = hash;
    }, address);
  }

  /** End both. */
  async close(): Promise<void> {
    await this.window.close();
    await this.pair.dispose();
  }
}
