/**
 * The window in a browser over a culvertd with ten tunnels: how long a cold `culvert ui` takes until the list is painted,
 * how much script that needs, and what all of it costs while nobody does anything.
 * @module
 */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { CDPSession, Page, Response } from 'playwright-core';
import { Culvertd } from '#test/support/culvertd.ts';
import { NetworkNamespace } from '#test/support/network-namespace.ts';
import { BrowserWindow } from '#test/e2e/live/browser-window.ts';
import type { Measured } from '../figure.ts';
import { parseProcessStat } from '../processor-time.ts';

const tunnelCount = 10;
/** Shorter, and a tick of 10 ms would be a noticeable part of what is measured. */
const leastSeconds = 10;
/** What follows the first paint is over by then. */
const settleMs = 3000;
const tickMs = 10;

/** Why it cannot be measured here, or null. */
export function obstacleToDesktop(): string | null {
  const missing = BrowserWindow.missing();
  return missing === null ? null : `${missing} is missing`;
}

/** Measure it; the idle part takes `seconds`, ten at least. */
export async function measureDesktop(seconds: number): Promise<Measured> {
  const namespace = new NetworkNamespace('desktop');
  try {
    const culvertd = await Culvertd.start(namespace);
    try {
      await makeTunnels(culvertd);
      return await measureWindow(culvertd, Math.max(seconds, leastSeconds));
    } finally {
      await culvertd.dispose();
    }
  } finally {
    namespace.remove();
  }
}

async function makeTunnels(culvertd: Culvertd): Promise<void> {
  const units = Array.from({ length: tunnelCount }, (_, unit) => unit);
  for (const unit of units) {
    const name = `ipsec${unit}`;
    await culvertd.ask('interface.create', { name });
    const text = `tunnel 127.0.0.1 127.0.1.${unit + 1}\ninet 10.99.${unit}.1/32 10.99.${unit}.2\nup`;
    await culvertd.ask('ifconfig.run', { name, text, semantics: 'file' });
  }
}

async function measureWindow(culvertd: Culvertd, seconds: number): Promise<Measured> {
  const browser = await BrowserWindow.launchBrowser();
  const started = performance.now();
  const window = await BrowserWindow.open(culvertd.socket, { browser });
  try {
    const scripts: Response[] = [];
    const page = await window.page({
      // The entry page's own script is gone with it, and small.
      onResponse: (response) => void (/\/assets\/.*\.js$/.test(response.url()) && scripts.push(response)),
    });
    await page.getByRole('article').first().waitFor();
    const firstPaint = performance.now() - started;
    const bodies = await Promise.all(scripts.map((response) => response.body()));
    const screenScript = bodies.reduce((sum, body) => sum + gzipSync(body).length, 0) / 1000;
    const idle = await measureIdle(page, [culvertd.child.pid, window.serverPid], seconds);
    return { firstPaint, screenScript, ...idle };
  } finally {
    await window.close();
  }
}

async function measureIdle(
  page: Page,
  [helperPid = 0, serverPid = 0]: readonly (number | undefined)[],
  seconds: number,
): Promise<Measured> {
  await page.waitForTimeout(settleMs);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const read = async (): Promise<{ helper: number; server: number; page: number }> => ({
    helper: processorMs(helperPid),
    server: processorMs(serverPid),
    page: await taskMs(session),
  });
  const before = await read();
  const started = performance.now();
  await page.waitForTimeout(seconds * 1000);
  const after = await read();
  const share = (what: 'helper' | 'server' | 'page'): number =>
    (100 * (after[what] - before[what])) / (performance.now() - started);
  return { idleHelper: share('helper'), idleServer: share('server'), idlePage: share('page') };
}

function processorMs(pid: number): number {
  return parseProcessStat(readFileSync(`/proc/${pid}/stat`, 'utf8')).own * tickMs;
}

/** What the page's main thread did: scripts, style, layout, paint. */
async function taskMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1000;
}
