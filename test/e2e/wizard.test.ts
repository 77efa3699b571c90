/**
 * A tunnel from nothing, as somebody makes it who knows two addresses: the wizard here, its file at the other end, and a
 * ping between the networks behind both. Then what goes wrong is said where it is wrong, and nothing that was written
 * is lost.
 * @module
 */
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import { readProfileText } from '#core/profile/import/profile-text.ts';
import { missingForTunnels } from '#test/support/native-package.ts';
import { GatewayPair } from './live/gateway-pair.ts';
import { UiWindow } from './live/ui-window.ts';

/** Long enough for a busy machine; the wizard itself is done in seconds. */
const patience = { timeout: 20_000 };

suite('the wizard', { skip: missingForTunnels() ?? UiWindow.missing() ?? false }, () => {
  let pair: GatewayPair;
  let window: UiWindow;
  let page: Page;

  before(async () => {
    pair = await GatewayPair.create();
    window = await UiWindow.open(pair.left.culvertd.socket);
    page = await window.page();
    page.setDefaultTimeout(patience.timeout);
  });
  after(async () => {
    await window.close();
    await pair.dispose();
  });

  test('each step says at the field what is wrong, and keeps the focus there', async () => {
    await goTo('/wizard');
    await page.getByRole('button', { name: /^Continue/ }).click();
    await page.getByText('The tunnel needs a name').waitFor();
    assert.equal(await focusedLabel(), 'Name');
    await page.keyboard.type('Kyoto office');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Where does it begin and end?' }).waitFor();
    await page.getByLabel('Address of the other end').fill('192.0.2');
    await page.keyboard.press('Enter');
    await page.getByText('“192.0.2” is neither').waitFor();
  });

  test('the way to the other end is told, and a reload loses nothing', async () => {
    await page.getByLabel('Address of the other end').fill(pair.right.outer);
    await page.getByText(`From ${pair.left.outer} on wan0`).waitFor();
    await page.reload();
    await page.getByLabel('Address of the other end').waitFor();
    assert.equal(await page.getByLabel('Address of the other end').inputValue(), pair.right.outer);
    assert.equal(await page.evaluate(() => JSON.stringify(sessionStorage).includes('Kyoto')), true);
  });

  test('with the file at the other end a ping comes back, and no key was ever on screen', async () => {
    await next('Keys');
    await next('What goes through?');
    await page.getByLabel('Behind this end').fill(pair.left.network);
    await page.getByLabel('Behind the other end').fill(pair.right.network);
    await next('Check and start');
    await page.getByText('4 policies, 2 associations, 1 route', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Make the tunnel and connect' }).click();
    await page.getByText('Waiting for the other end').waitFor();

    const { profile, secrets } = readProfileText(await saved());
    assert.ok(secrets !== null);
    const screen = (await page.content()) + (await page.evaluate(() => JSON.stringify(sessionStorage)));
    for (const { out, in: into } of secrets.pairs) {
      assert.ok(!screen.includes(out.encryption) && !screen.includes(into.encryption));
    }
    await importAtRight(JSON.stringify({ profile, secrets }));
    await page.getByText('The tunnel works', { exact: true }).waitFor();
    assert.equal(pair.pings(), true);
  });

  test('the text of the tunnel is read back as it was written', async () => {
    await goTo('/wizard/text');
    await page.getByLabel('Text of the tunnel').waitFor();
    const text = await page.getByLabel('Text of the tunnel').inputValue();
    assert.match(text, /^ifconfig ipsec0 create\n/);
    assert.match(text, /-E aes-cbc KEY -A hmac-sha256 KEY;/);
    await page.getByLabel('Text of the tunnel').fill(text.replace('ifconfig ipsec0 up', 'ifconfig ipsec0 upp'));
    await page.getByRole('button', { name: 'Take the text over' }).click();
    await page.getByText(/^Line \d+:/).waitFor();
    await page.getByLabel('Text of the tunnel').fill(text);
    await page.getByRole('button', { name: 'Take the text over' }).click();
    await page.getByRole('heading', { name: 'Check and start' }).waitFor();
  });

  test('the page complained of nothing', () => {
    assert.deepEqual(window.complaints, []);
  });

  /** The other end imports its file in a window of its own; a text without keys is shown and not made. */
  async function importAtRight(text: string): Promise<void> {
    const other = await UiWindow.open(pair.right.culvertd.socket);
    try {
      const right = await other.page();
      right.setDefaultTimeout(patience.timeout);
      await right.evaluate(() => {
        location.hash = '/import';
      });
      const make = right.getByRole('button', { name: 'Make the tunnel and connect' });
      await right.getByLabel('Text', { exact: true }).fill(text.replace(/"secrets":.*/, '"secrets":null}'));
      await right.getByText('The text has no keys').waitFor();
      assert.equal(await make.isDisabled(), true);
      await right.getByLabel('Text', { exact: true }).fill(text);
      await right.getByText(`${pair.right.outer} → ${pair.left.outer}`).waitFor();
      await make.click();
      await right.getByRole('heading', { name: /Kyoto office/ }).waitFor();
      assert.deepEqual(other.complaints, []);
    } finally {
      await other.close();
    }
  }

  async function goTo(path: string): Promise<void> {
    await page.evaluate((hash) => {
      location.hash = hash;
    }, path);
  }

  async function next(heading: string): Promise<void> {
    await page.getByRole('button', { name: /^Continue/ }).click();
    await page.getByRole('heading', { name: heading, exact: true }).waitFor();
  }

  function saved(): Promise<string> {
    return window.saved(() => page.getByRole('button', { name: 'Save for the other end' }).click());
  }

  function focusedLabel(): Promise<string> {
    return page.evaluate(() => {
      const focused = document.activeElement;
      return (focused instanceof HTMLInputElement && focused.labels?.[0]?.textContent) || '';
    });
  }
});
