/**
 * The app on a desktop with a panel, over a real helper: the tray's icon and menu on a real session bus.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Culvertd } from '#test/support/culvertd.ts';
import { appUser, TestDesktop, type StartedApp } from '#test/support/electron/test-desktop.ts';
import { findItem, TrayDesktop } from '#test/support/electron/tray-desktop.ts';
import { until } from '#test/support/until.ts';
import { NetworkNamespace } from '#test/support/network-namespace.ts';

let namespace: NetworkNamespace;
let helper: Culvertd;
let desktop: TestDesktop;
let panel: TrayDesktop;
let started: StartedApp;

before(async () => {
  namespace = new NetworkNamespace('tray');
  helper = await Culvertd.start(namespace, '--operator', String(appUser));
  await helper.ask('interface.create', { name: 'ipsec0' });
  desktop = await TestDesktop.start();
  panel = await TrayDesktop.start(desktop.bus.address);
  started = await desktop.open(`--socket=${helper.socket}`);
});
after(async () => {
  panel.stop();
  await desktop.stop();
  await helper.dispose();
  namespace.remove();
});

const isUp = async (): Promise<boolean> => {
  const { interfaces } = await helper.ask('status.get', {});
  return interfaces[0]?.isUp === true;
};
const isVisible = (): Promise<boolean> =>
  started.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible() === true);

test('the list shows the helper’s tunnel, and its switch brings it up', async () => {
  const toggle = started.page.getByRole('switch', { name: 'ipsec0' });
  await toggle.waitFor();
  assert.equal(await isUp(), false);
  await toggle.click();
  await until(isUp);
});

test('the menu has the tunnel as a switch, which follows the helper and is followed by it', async () => {
  await until(async () => findItem(await panel.menu(), 'ipsec0')?.toggle === 1);
  await panel.click('ipsec0');
  await until(async () => !(await isUp()));
  await until(async () => findItem(await panel.menu(), 'ipsec0')?.toggle === 0);
  assert.match(JSON.stringify(await panel.property('ToolTip')), /Culvert/);
});

test('a pause takes everything down, says until when, and ends when it is told to', async () => {
  await helper.ask('interface.setFlags', { name: 'ipsec0', isUp: true });
  await until(async () => findItem(await panel.menu(), 'Pause')?.isEnabled === true);
  await panel.click('30 minutes');
  await until(async () => !(await isUp()));
  await until(async () => findItem(await panel.menu(), 'Paused until') !== undefined);
  await panel.click('Resume now');
  await until(isUp);
});

test('all are disconnected at once', async () => {
  await until(async () => findItem(await panel.menu(), 'Disconnect all')?.isEnabled === true);
  await panel.click('Disconnect all');
  await until(async () => !(await isUp()));
});

test('a closed window is in the tray, and comes back by its click', async () => {
  await started.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await until(async () => !(await isVisible()));
  await panel.activate();
  await until(isVisible);
});

test('a second start shows the first window and ends', async () => {
  await started.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide());
  assert.equal(await desktop.startAgain(), 0);
  await until(isVisible);
});

test('start at login is an entry of the desktop, written and removed', async () => {
  const entry = join(desktop.configFolder, 'autostart', 'culvert.desktop');
  const set = (isWanted: boolean): Promise<unknown> =>
    started.page.evaluate(`window.culvert.ask('shell.setSettings', { startAtLogin: ${isWanted} })`);
  await set(true);
  assert.match(readFileSync(entry, 'utf8'), /^Exec=.* --hidden$/m);
  await set(false);
  assert.equal(existsSync(entry), false);
});

test('a helper that was killed is said to be away, and found again when it is back', async () => {
  const label = started.page.getByText('No helper');
  await helper.kill('SIGTERM');
  await label.first().waitFor();
  await until(async () => (await panel.menu()).some(({ label: text }) => /helper/i.test(text)));
  helper = await Culvertd.restart(helper.directory, namespace, '--operator', String(appUser));
  await label.first().waitFor({ state: 'hidden' });
});

test('quitting takes tunnels down where the settings say so', async () => {
  await helper.ask('interface.create', { name: 'ipsec0' }).catch(() => {});
  await helper.ask('interface.setFlags', { name: 'ipsec0', isUp: true });
  await started.page.evaluate("window.culvert.ask('shell.setSettings', { onQuit: 'take-down' })");
  await until(async () => findItem(await panel.menu(), 'Quit and disconnect') !== undefined);
  const closed = started.app.waitForEvent('close');
  await panel.click('Quit and disconnect');
  await closed;
  assert.equal(await isUp(), false);
});
