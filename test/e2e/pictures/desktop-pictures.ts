/**
 * Pictures of what is around the page: the window in its frame, the tray's menu in a panel, a notification, About.
 * @module
 */
import { join } from 'node:path';
import type { ElectronApplication } from 'playwright-core';
import { GatewayPair } from '../live/gateway-pair.ts';
import { bringUpOffice, OfficeTraffic } from '../live/office.ts';
import { appUser } from '#test/support/electron/test-desktop.ts';
import { until } from '#test/support/until.ts';
import { PanelDesktop } from './panel-desktop.ts';
import { Neighbours } from './neighbours.ts';

/** The screen's width, and half of the tray's icon from its right edge. */
const screenWidth = 1280;
const trayAt = { x: screenWidth - 16, y: 15 };

/** The upper right corner, where the tray and notifications are. */
const corner = { x: screenWidth - 420, y: 0, width: 420, height: 320 };

/** Take all of them into `folder`, on a light desktop and a dark one; gives how many. */
export async function takeDesktopPictures(folder: string): Promise<number> {
  let count = 0;
  for (const theme of ['light', 'dark'] as const) {
    const pair = await GatewayPair.create(['--operator', String(appUser)]);
    const neighbours = new Neighbours();
    const shown = await PanelDesktop.start(theme);
    const take = (name: string, what: Parameters<PanelDesktop['take']>[1]): void => {
      shown.take(join(folder, `desktop-${name}-${theme}.png`), what);
      count += 1;
    };
    let traffic: OfficeTraffic | null = null;
    try {
      await bringUpOffice(pair);
      await neighbours.settle(pair);
      const { app, page } = await shown.desktop.open(`--socket=${pair.left.culvertd.socket}`);
      await page.evaluate(`window.culvert.ask('shell.setSettings', { notifications: 'all', theme: '${theme}' })`);
      await fillScreen(app, true);
      await page.emulateMedia({ colorScheme: theme });
      await page.reload();
      traffic = new OfficeTraffic(pair);
      await page
        .getByText(/Carries traffic both ways/)
        .first()
        .waitFor();
      await page.waitForTimeout(1500); // the notification is drawn
      take('notification', corner);
      await page.waitForTimeout(14_000); // and gone, and the chart has something to show
      await fillScreen(app, false);
      take('window', 'Culvert');
      await fillScreen(app, true);
      // The panel asks for the app's menu at the first click, and may show its own one meanwhile.
      shown.click(trayAt.x, trayAt.y, 3);
      await page.waitForTimeout(2000);
      shown.press('Escape');
      await page.waitForTimeout(1000);
      shown.click(trayAt.x, trayAt.y, 3);
      await page.waitForTimeout(4000); // a menu is an empty box until a busy machine has drawn it
      take('tray', corner);
      shown.press('Escape');
      await fillScreen(app, false);
      await page.evaluate("location.hash = '/settings'");
      await page.getByRole('heading', { name: 'About Culvert' }).scrollIntoViewIfNeeded();
      await page.waitForTimeout(300);
      take('about', 'Culvert');
    } finally {
      await traffic?.stop();
      await neighbours.stop();
      await shown.stop();
      await pair.dispose();
    }
  }
  return count;
}

/** So that nothing but the app is in a picture of a corner. */
async function fillScreen(app: ElectronApplication, isWanted: boolean): Promise<void> {
  await app.evaluate(({ BrowserWindow }, wanted) => {
    const window = BrowserWindow.getAllWindows()[0];
    if (wanted) window?.maximize();
    else window?.unmaximize();
  }, isWanted);
  await until(() =>
    app.evaluate(({ BrowserWindow }, wanted) => BrowserWindow.getAllWindows()[0]?.isMaximized() === wanted, isWanted),
  );
  await new Promise((resolve) => setTimeout(resolve, 700)); // the page is drawn anew in its width
}
