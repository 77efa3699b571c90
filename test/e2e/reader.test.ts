/**
 * Somebody who is neither root nor the operator sees everything, is told why nothing can be changed, and finds no button
 * that would be refused.
 * @module
 */
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { LiveWindow } from './live/live-window.ts';
import { bringUpOffice } from './live/office.ts';

/** `nobody` on Debian. */
const nobody = 65534;

suite('a reader', { skip: LiveWindow.missing() }, () => {
  let live: LiveWindow;

  before(async () => {
    live = await LiveWindow.open({ userId: nobody }, bringUpOffice);
  });
  after(() => live.close());

  test('sees the tunnel, and reads who may change it', async () => {
    await live.page.getByRole('link', { name: /^office/ }).waitFor();
    await live.page.getByText('You can look at everything here, and change nothing.').waitFor();
    await live.page.getByText('culvertd --operator $USER').waitFor();
    assert.equal(await live.page.getByRole('switch', { name: 'office' }).isDisabled(), true);
  });

  test('finds what changes a tunnel closed on every tab of its sheet', async () => {
    await live.goTo('/tunnel/office/interface');
    await live.page.getByText('You can look at everything here, and change nothing.').waitFor();
    for (const name of ['office', 'Cross address translation', 'Pass congestion marks', 'Carry IPv6 inside']) {
      assert.equal(await live.page.getByRole('switch', { name }).isDisabled(), true, name);
    }
    assert.equal(await live.page.getByRole('button', { name: 'More' }).count(), 0);
    assert.equal(await live.page.getByRole('button', { name: 'Save and apply now' }).isDisabled(), true);
    await live.goTo('/tunnel/office/text');
    await live.page.getByRole('textbox', { name: 'Text of office' }).waitFor();
    assert.equal(await live.page.getByRole('button', { name: 'Save and apply now' }).isDisabled(), true);
  });

  test('sees associations and policies without a way to delete them', async () => {
    for (const sheet of ['associations', 'policies']) {
      await live.goTo(`/${sheet}`);
      await live.page.getByRole('row').nth(1).waitFor();
      const deleting = live.page.getByRole('button', { name: /delete|flush/i });
      for (const button of await deleting.all()) assert.equal(await button.isDisabled(), true, sheet);
    }
  });

  test('is told in the settings what it takes, and the settings of the window are still its own', async () => {
    await live.goTo('/settings');
    await live.page.getByText('a reader: changes are refused').waitFor();
    await live.page.getByLabel('Theme').selectOption('dark');
    await live.page.locator('html[data-theme="dark"]').waitFor();
    assert.deepEqual(live.window.complaints, []);
  });
});
