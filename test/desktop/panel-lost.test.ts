/**
 * The panel goes while the window is in its tray: the window comes back by itself, for nothing else would bring it, and from
 * then on closing it ends the app.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { TestDesktop, type StartedApp } from '#test/support/electron/test-desktop.ts';
import { TrayDesktop } from '#test/support/electron/tray-desktop.ts';
import { until } from '#test/support/until.ts';

let desktop: TestDesktop;
let panel: TrayDesktop;
let started: StartedApp;

before(async () => {
  desktop = await TestDesktop.start();
  panel = await TrayDesktop.start(desktop.bus.address);
  started = await desktop.open('--socket=/nonexistent/control.sock');
});
after(async () => {
  panel.stop();
  await desktop.stop();
});

const isVisible = (): Promise<boolean> =>
  started.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible() === true);
const closeWindow = (): Promise<void> =>
  started.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());

test('a window in the tray comes back when the panel goes, and closing it then ends the app', async () => {
  await until(() => panel.items.length > 0);
  await closeWindow();
  await until(async () => !(await isVisible()));
  panel.stop();
  await until(isVisible);
  const shell = JSON.stringify(await started.page.evaluate("window.culvert.ask('shell.describe', {})"));
  assert.match(shell, /"kind":"desktop"/);
  const closed = started.app.waitForEvent('close');
  await closeWindow().catch(() => {});
  await closed;
});
