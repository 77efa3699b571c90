/**
 * The window in a browser over a culvertd with ten tunnels: how long a cold `culvert ui` takes until the list is painted,
 * how much script that needs, and what all of it costs while nobody does anything.
 * @module
 */
import { gzipSync } from 'node:zlib';
import type { Browser, Response } from 'playwright-core';
import type { Culvertd } from '#test/support/culvertd.ts';
import { BrowserWindow } from '#test/e2e/live/browser-window.ts';
import type { Measured } from '../figure.ts';
import { listPaintedScript, untilNumber } from '../first-paint.ts';
import { processorMs } from '../process-family.ts';
import { withTenTunnels } from '../ten-tunnels.ts';

/** Shorter, and a tick of 10 ms would be a noticeable part of what is measured. */
export const leastIdleSeconds = 20;
/** What follows the first paint is over by then. */
export const settleMs = 5000;

/** Measure it; the idle part takes `seconds`, twenty at least. */
export function measureDesktop(seconds: number): Promise<Measured> {
  return withTenTunnels((culvertd) => measureWindow(culvertd, Math.max(seconds, leastIdleSeconds)));
}

async function measureWindow(culvertd: Culvertd, seconds: number): Promise<Measured> {
  const browser = await BrowserWindow.launchBrowser();
  const tab = await BrowserWindow.emptyTab(browser);
  const startedMs = Date.now();
  const window = await BrowserWindow.open(culvertd.socket, { browser });
  try {
    const scripts: Response[] = [];
    const page = await window.page({
      tab,
      // The entry page's own script is gone with it, and small.
      onResponse: (response) => void (/\/assets\/.*\.js$/.test(response.url()) && scripts.push(response)),
    });
    const firstPaint = (await untilNumber(() => page.evaluate(listPaintedScript))) - startedMs;
    const bodies = await Promise.all(scripts.map((response) => response.body()));
    const screenScript = bodies.reduce((sum, body) => sum + gzipSync(body).length, 0) / 1000;
    await page.waitForTimeout(settleMs);
    const idle = await measureIdle(browser, [culvertd.child.pid, window.serverPid], seconds);
    return { firstPaint, screenScript, ...idle };
  } finally {
    await window.close();
  }
}

async function measureIdle(
  browser: Browser,
  [helperPid = 0, serverPid = 0]: readonly (number | undefined)[],
  seconds: number,
): Promise<Measured> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const pidsOf = (isPage: boolean): number[] =>
    processInfo.filter(({ type }) => (type === 'renderer') === isPage).map(({ id }) => id);
  const families = {
    idleHelper: [helperPid],
    idleServer: [serverPid],
    idlePage: pidsOf(true),
    idleBrowser: pidsOf(false),
  };
  return measureShares(families, seconds);
}

/** What each of these groups of processes takes of a core, in percent. */
export async function measureShares<Name extends string>(
  families: Readonly<Record<Name, readonly number[]>>,
  seconds: number,
): Promise<Record<Name, number>> {
  const names = Object.keys(families) as Name[];
  const read = (): number[] => names.map((name) => processorMs(families[name]));
  const before = read();
  const startedMs = performance.now();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const tookMs = performance.now() - startedMs;
  const shares = read().map((after, index) => (100 * (after - (before[index] ?? 0))) / tookMs);
  return Object.fromEntries(names.map((name, index) => [name, shares[index] ?? 0])) as Record<Name, number>;
}
