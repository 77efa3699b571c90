/**
 * A pause is kept by the app over its own sudden end: the next start has it as it was, ends it when it is due, and shows no
 * window where it was started for the tray.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { ElectronApplication } from 'playwright-core';
import { Culvertd } from '#test/support/culvertd.ts';
import { appUser, TestDesktop } from '#test/support/electron/test-desktop.ts';
import { findItem, TrayDesktop } from '#test/support/electron/tray-desktop.ts';
import { until } from '#test/support/until.ts';
import { NetworkNamespace } from '#test/support/network-namespace.ts';

let namespace: NetworkNamespace;
let helper: Culvertd;
let desktop: TestDesktop;
let panel: TrayDesktop;
let app: ElectronApplication;

before(async () => {
  namespace = new NetworkNamespace('pause');
  helper = await Culvertd.start(namespace, '--operator', String(appUser));
  await helper.ask('interface.create', { name: 'ipsec0' });
  await helper.ask('interface.setFlags', { name: 'ipsec0', isUp: true });
  desktop = await TestDesktop.start();
  panel = await TrayDesktop.start(desktop.bus.address);
  app = await startHidden();
});
after(async () => {
  panel.stop();
  await desktop.stop();
  await helper.dispose();
  namespace.remove();
});

const file = (): string => join(desktop.configFolder, 'culvert', 'pause.json');
const isUp = async (): Promise<boolean> => (await helper.ask('status.get', {})).interfaces[0]?.isUp === true;
const windows = (): Promise<number> =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().filter((each) => each.isVisible()).length);

test('started for the tray, the app shows its icon and no window, and the icon’s click opens one', async () => {
  await until(async () => findItem(await panel.menu(), 'ipsec0')?.toggle === 1);
  assert.equal(await windows(), 0);
  await panel.activate();
  await until(async () => (await windows()) === 1);
});

test('a pause is there as it was after the app was killed', async () => {
  await until(async () => findItem(await panel.menu(), '5 minutes')?.isEnabled === true);
  await panel.click('5 minutes');
  await until(async () => !(await isUp()) && existsSync(file()));
  const said = (await once(async () => findItem(await panel.menu(), 'Paused until')))?.label;
  await kill();
  app = await startHidden();
  const saidAgain = (await once(async () => findItem(await panel.menu(), 'Paused until')))?.label;
  assert.equal(saidAgain, said);
  assert.equal(await isUp(), false);
});

test('the command line tells of the pause, and whether the app is there to end it', async () => {
  assert.match(
    culvertStatus(),
    /^Paused by the desktop app until \d\d:\d\d: ipsec0\.\nIts tray's menu ends that sooner/m,
  );
  await kill();
  assert.match(culvertStatus(), /^It does not run now,.*: culvert ifconfig ipsec0 up$/m);
  app = await startHidden();
});

test('a pause that ended while there was no app is over at its next start, and the tunnel comes up', async () => {
  await kill();
  const kept = JSON.parse(readFileSync(file(), 'utf8')) as object;
  writeFileSync(file(), JSON.stringify({ ...kept, untilMs: Date.now() - 1 }));
  assert.equal(await isUp(), false);
  app = await startHidden();
  await until(isUp);
  await until(async () => !existsSync(file()) && findItem(await panel.menu(), 'Pause')?.isEnabled === true);
});

test('quitting leaves tunnels up where the settings say so, and ends a pause', async () => {
  await panel.click('60 minutes');
  await until(async () => !(await isUp()));
  await until(async () => findItem(await panel.menu(), 'Quit (paused tunnels come back)') !== undefined);
  const closed = app.waitForEvent('close');
  await panel.click('Quit (paused tunnels come back)');
  await closed;
  assert.equal(await isUp(), true);
  assert.equal(existsSync(file()), false);
});

/** As the app's user sees it. */
function culvertStatus(): string {
  const env = { ...desktop.environment, CULVERT_SOCKET: helper.socket };
  return execFileSync(process.execPath, ['core/cli/main.ts', 'status'], { env, encoding: 'utf8' });
}

async function startHidden(): Promise<ElectronApplication> {
  const count = panel.items.length;
  const started = await desktop.launch('--hidden', `--socket=${helper.socket}`);
  await until(() => panel.items.length > count);
  return started;
}

/** As the system does it to a program that it has no memory for. */
async function kill(): Promise<void> {
  const closed = app.waitForEvent('close');
  const pid = await app.evaluate(() => process.pid);
  process.kill(pid, 'SIGKILL');
  await closed;
}

/** What `find` finds, once it does. */
async function once<Found>(find: () => Promise<Found | undefined>): Promise<Found | undefined> {
  let found: Found | undefined;
  await until(async () => (found = await find()) !== undefined);
  return found;
}
