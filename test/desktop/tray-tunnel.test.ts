/**
 * A tunnel between two real gateways, brought up by a click in the tray's menu: packets go through it, the desktop is told
 * of it, and the menu keeps up with a helper that changes a hundred times in a second.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { GatewayPair } from '#test/e2e/live/gateway-pair.ts';
import { saveOffice } from '#test/e2e/live/office.ts';
import { appUser, TestDesktop, type StartedApp } from '#test/support/electron/test-desktop.ts';
import { findItem, TrayDesktop } from '#test/support/electron/tray-desktop.ts';
import { until } from '#test/support/until.ts';

let pair: GatewayPair;
let desktop: TestDesktop;
let panel: TrayDesktop;
let started: StartedApp;

before(async () => {
  pair = await GatewayPair.create(['--operator', String(appUser)]);
  await saveOffice(pair);
  await pair.askRight('profile.up', { name: 'office' });
  desktop = await TestDesktop.start();
  panel = await TrayDesktop.start(desktop.bus.address);
  started = await desktop.open(`--socket=${pair.left.culvertd.socket}`);
  await started.page.evaluate("window.culvert.ask('shell.setSettings', { notifications: 'all' })");
});
after(async () => {
  panel.stop();
  await desktop.stop();
  await pair.dispose();
});

test('a click in the menu brings the tunnel up, a ping comes back through it, and the desktop is told', async () => {
  await until(async () => findItem(await panel.menu(), 'office')?.isEnabled === true);
  const before = JSON.stringify(await panel.property('IconPixmap'));
  assert.equal(pair.pings(), false);
  await panel.click('office');
  await until(async () => findItem(await panel.menu(), 'office')?.toggle === 1);
  assert.equal(pair.pings(), true);
  await until(() => panel.notifications.includes('office: up'));
  await until(async () => JSON.stringify(await panel.property('IconPixmap')) !== before);
  assert.match(JSON.stringify(await panel.property('ToolTip')), /1 of 1 tunnel up/);
});

test('a second click takes it down, no packet goes, and the desktop is told', async () => {
  await panel.click('office');
  await until(async () => findItem(await panel.menu(), 'office')?.toggle === 0);
  assert.equal(pair.pings(), false);
  await until(() => panel.notifications.includes('office: off'));
});

test('after a hundred changes the menu is right, and was made anew no more than once a second', async () => {
  const { culvertd } = pair.left;
  await culvertd.ask('interface.create', { name: 'ipsec7' });
  await until(async () => findItem(await panel.menu(), 'ipsec7') !== undefined);
  await started.app.evaluate(({ Menu }) => {
    const build = Menu.buildFromTemplate.bind(Menu);
    const counter = globalThis as { builds?: number };
    counter.builds = 0;
    Menu.buildFromTemplate = (template) => {
      counter.builds = (counter.builds ?? 0) + 1;
      return build(template);
    };
  });
  const startMs = Date.now();
  for (let change = 0; change < 100; change++) {
    await culvertd.ask('interface.setFlags', { name: 'ipsec7', isUp: change % 2 === 0 });
  }
  await culvertd.ask('interface.setFlags', { name: 'ipsec7', isUp: true });
  await until(async () => findItem(await panel.menu(), 'ipsec7')?.toggle === 1);
  const builds = await started.app.evaluate(() => (globalThis as { builds?: number }).builds ?? 0);
  const seconds = (Date.now() - startMs) / 1000;
  assert.ok(builds <= seconds + 2, `${builds} menus in ${seconds} s`);
});
