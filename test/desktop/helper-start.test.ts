/**
 * An ordinary user without a helper: one screen with the one command to type, and the window goes on by itself when the
 * helper appears.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Culvertd } from '#test/support/culvertd.ts';
import { appUser, TestDesktop, type StartedApp } from '#test/support/electron/test-desktop.ts';
import { NetworkNamespace } from '#test/support/network-namespace.ts';

/** What the package lays where polkit may run it; with it, the button would ask. */
const starter = '/usr/libexec/culvert/start-helper';

/** Of the app's user, for the test's socket. */
const typed = (): string => `sudo culvertd --socket ${helper.socket} --operator nobody`;

let namespace: NetworkNamespace;
let helper: Culvertd;
let desktop: TestDesktop;
let started: StartedApp;

before(async () => {
  namespace = new NetworkNamespace('start');
  helper = await Culvertd.start(namespace, '--operator', String(appUser));
  await helper.kill('SIGTERM');
  desktop = await TestDesktop.start();
  started = await desktop.open(`--socket=${helper.socket}`);
});
after(async () => {
  await desktop.stop();
  await helper.dispose();
  namespace.remove();
});

test('the screen says that there is no helper, and has one command, which can be copied', async () => {
  const { app, page } = started;
  await page.getByText('No helper', { exact: true }).first().waitFor();
  const command = page.getByText(typed(), { exact: true });
  await command.waitFor();
  assert.equal(await command.count(), 1);
  await page.getByRole('button', { name: /^Copy/ }).first().click();
  assert.equal(await app.evaluate(({ clipboard }) => clipboard.readText()), typed());
});

test(
  'where nothing may start the helper for the person, the button says so with the same command',
  { skip: existsSync(starter) && 'this machine has the package' },
  async () => {
    const { page } = started;
    await page.getByRole('button', { name: 'Try to start it' }).click();
    await page.getByText(/nothing here can start the helper: type sudo |the helper was not started/).waitFor();
  },
);

test('once the command was typed the window goes on by itself, and takes changes', async () => {
  const { page } = started;
  helper = await Culvertd.restart(helper.directory, namespace, '--operator', String(appUser));
  await page.getByText('No helper', { exact: true }).first().waitFor({ state: 'hidden' });
  await page.getByText('Build one').first().waitFor();
  await helper.ask('interface.create', { name: 'ipsec3' });
  await page.getByRole('switch', { name: 'ipsec3' }).waitFor();
  assert.equal(await page.getByRole('switch', { name: 'ipsec3' }).isDisabled(), false);
});
