/**
 * The app's icon and the tray's shapes on one sheet: each size as it is, on light and dark.
 * @module
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { themeIcons } from '#build/window/app.ts';

const sizes = [16, 22, 32, 48, 256];
const conditions = ['off', 'up', 'working', 'attention'];
const grounds = { light: '#f4f1e8', dark: '#1c201d' } as const;

/** Draw it in `browser` from the icons of the app in `appFolder`, into the file at `path`. */
export async function takeIconSheet(browser: Browser, appFolder: string, path: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 960, height: 672 } });
  const tray = (ink: string): string =>
    conditions.map((condition) => picture(join(appFolder, 'icons', `tray-${condition}-${ink}.png`), 22)).join('');
  const app = sizes.map((size) => picture(join(themeIcons, `${size}x${size}.png`), size)).join('');
  const rows = Object.entries(grounds).map(([ground, color]) => {
    const ink = ground === 'light' ? 'dark' : 'light';
    return `<div style="background:${color}">${app}<span>${tray(ink)}</span></div>`;
  });
  const style = 'body{margin:0}div{display:flex;gap:32px;align-items:center;padding:40px}span{display:flex;gap:20px}';
  await page.setContent(`<style>${style}</style>${rows.join('')}`);
  await page.screenshot({ path });
  await page.close();
}

function picture(path: string, size: number): string {
  return `<img width=${size} height=${size} src="data:image/png;base64,${readFileSync(path, 'base64')}">`;
}
