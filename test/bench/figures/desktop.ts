/**
 * The window in a browser over a culvertd with ten tunnels: how long a cold `culvert ui` takes until the list is painted,
 * how much script that needs, and what all of it costs while nobody does anything, soon after and a minute later.
 * @module
 */
import { gzipSync } from 'node:zlib';
import type { Browser, Page, Response } from 'playwright-core';
import type { Culvertd } from '#test/support/culvertd.ts';
import { BrowserWindow } from '#test/e2e/live/browser-window.ts';
import type { Measured } from '../figure.ts';
import { frameShownScript, listPaintedScript, listScriptsScript, untilNumber } from '../first-paint.ts';
import { processorMs } from '../process-family.ts';
import { withTenTunnels } from '../ten-tunnels.ts';
import { startReference } from './reference-process.ts';

/** Shorter, and a tick of 10 ms would be a noticeable part of what is measured. */
export const leastIdleSeconds = 20;
/** The list is there; collectors of garbage, of three programs and the browser, have not been yet. */
export const settleMs = 5000;
/** What a start leaves to be done is done by then: the second idle time begins so long after the list was painted. */
const laterMs = 65_000;

/** Measure it; each idle part takes `seconds`, twenty at least. */
export function measureDesktop(seconds: number): Promise<Measured> {
  return withTenTunnels(async (culvertd) => {
    await startOnce(culvertd);
    const idleSeconds = Math.max(seconds, leastIdleSeconds);
    return { ...(await measureWindow(culvertd, idleSeconds)), ...(await measureBlank(idleSeconds)) };
  });
}

/** A start that is not measured: Node.js has compiled what it runs, as on a machine where this was installed. */
async function startOnce({ socket }: Culvertd): Promise<void> {
  const window = await BrowserWindow.open(socket);
  try {
    const page = await window.page();
    await untilNumber(() => page.evaluate(listPaintedScript));
  } finally {
    await window.close();
  }
}

async function measureWindow(culvertd: Culvertd, seconds: number): Promise<Measured> {
  const browser = await BrowserWindow.launchBrowser();
  const tab = await BrowserWindow.emptyTab(browser);
  await tab.evaluate(frameShownScript);
  const startedMs = Date.now();
  const window = await BrowserWindow.open(culvertd.socket, { browser });
  const reference = startReference();
  try {
    const responses: Response[] = [];
    const page = await window.page({ tab, onResponse: (response) => void responses.push(response) });
    const paintedMs = await untilNumber(() => page.evaluate(listPaintedScript));
    const screenScript = await screenScriptOf(page, responses);
    const families = {
      ...(await browserFamilies(browser)),
      ...{ idleHelper: idsOf(culvertd.child.pid), idleServer: idsOf(window.serverPid) },
      idleReference: idsOf(reference.pid),
    };
    await untilTime(paintedMs + settleMs);
    const soon = await measureShares(families, seconds);
    await untilTime(paintedMs + laterMs);
    const later = await measureShares(families, seconds);
    return {
      ...{ firstPaint: paintedMs - startedMs, screenScript, ...soon },
      ...{ idleAll: sumOf(soon), idleAllLater: sumOf(later) },
    };
  } finally {
    reference.stop();
    await window.close();
  }
}

/** A browser that shows nothing: what of the idle figures is its own, and the machine's. */
async function measureBlank(seconds: number): Promise<Measured> {
  const browser = await BrowserWindow.launchBrowser();
  try {
    const tab = await BrowserWindow.emptyTab(browser);
    await tab.evaluate(frameShownScript);
    await untilTime(Date.now() + settleMs);
    const { idlePage, idleBrowser } = await browserFamilies(browser);
    return await measureShares({ idleBlank: [...idlePage, ...idleBrowser] }, seconds);
  } finally {
    await browser.close();
  }
}

/** Of the scripts that the page had got when the list was painted. The entry page's own is small. */
async function screenScriptOf(page: Page, responses: readonly Response[]): Promise<number> {
  const addresses: unknown = JSON.parse(String(await page.evaluate(listScriptsScript)));
  const isFirst = (response: Response): boolean => Array.isArray(addresses) && addresses.includes(response.url());
  const bodies = await Promise.all(responses.filter(isFirst).map((response) => response.body()));
  return bodies.reduce((sum, body) => sum + gzipSync(body).length, 0) / 1000;
}

/**
 * The page's process, and all others of the browser: a tab that was empty leaves one behind, and another is kept ready.
 * The page's is the one that has worked.
 */
async function browserFamilies(browser: Browser): Promise<Record<'idlePage' | 'idleBrowser', readonly number[]>> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const [page, ...others] = processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => id)
    .toSorted((a, b) => processorMs([b]) - processorMs([a]));
  const rest = processInfo.filter(({ type }) => type !== 'renderer').map(({ id }) => id);
  return { idlePage: idsOf(page), idleBrowser: [...others, ...rest] };
}

function idsOf(pid: number | undefined): readonly number[] {
  return pid === undefined ? [] : [pid];
}

function untilTime(timeMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, timeMs - Date.now())));
}

/** What the reference process takes is nobody's who is measured. */
function sumOf(shares: Readonly<Record<string, number>>): number {
  return Object.entries(shares).reduce((sum, [name, share]) => sum + (name === 'idleReference' ? 0 : share), 0);
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
