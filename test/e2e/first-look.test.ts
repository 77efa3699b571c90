/**
 * The window over a real helper: a tunnel that somebody made by hand is there with its state, and a helper that goes
 * away is told.
 * @module
 */
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import { missingForTunnels } from '#test/support/native-package.ts';
import { GatewayPair } from './live/gateway-pair.ts';
import { UiWindow } from './live/ui-window.ts';

suite('the window at first look', { skip: missingForTunnels() ?? UiWindow.missing() ?? false }, () => {
  let pair: GatewayPair;
  let window: UiWindow;
  let page: Page;

  before(async () => {
    pair = await GatewayPair.create();
    window = await UiWindow.open(pair.left.culvertd.socket);
    page = await window.page();
  });
  after(async () => {
    await window.close();
    await pair.dispose();
  });

  test('an interface that is made while one looks comes into the list by itself', async () => {
    await pair.left.culvertd.ask('interface.create', { name: 'ipsec3' });
    await page.getByRole('link', { name: /^ipsec3/ }).waitFor();
    await pair.left.culvertd.ask('interface.destroy', { name: 'ipsec3' });
    await page.getByRole('link', { name: /^ipsec3/ }).waitFor({ state: 'detached' });
  });

  test('the page asks nobody but its own server, and complains of nothing', async () => {
    const foreign: string[] = [];
    const own = /^\w+:\/\/[^/]+\//.exec(page.url())?.[0] ?? '';
    assert.notEqual(own, '');
    page.on('request', (request) => {
      if (!request.url().startsWith(own)) foreign.push(request.url());
    });
    await page.reload();
    await page.getByRole('heading', { name: 'Tunnels' }).waitFor();
    await page.waitForLoadState('networkidle');
    assert.deepEqual(foreign, []);
    assert.deepEqual(window.complaints, []);
  });

  test('a helper that is gone is said, with what to type', async () => {
    await pair.left.culvertd.kill('SIGTERM');
    await page.getByText('No helper', { exact: true }).waitFor();
    await page
      .getByText(/sudo culvertd|culvertd/)
      .first()
      .waitFor();
  });
});
