/**
 * The longest name and the longest address, in windows from wide to as narrow as 200 % of a small screen leaves it:
 * nothing is written over what stands beside it. And a test of the path runs anew each time it is asked for.
 * @module
 */
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { exampleProfile } from '#test/support/profile/profiles.ts';
import { bringUpOffice } from './live/office.ts';
import { LiveWindow } from './live/live-window.ts';

const longName = 'W'.repeat(63);
const longAddress = '2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff';
const widths = [1920, 1280, 1080, 800, 640];

suite('long words', { skip: LiveWindow.missing() }, () => {
  let live: LiveWindow;

  before(async () => {
    live = await LiveWindow.open({}, async (pair) => {
      await bringUpOffice(pair);
      const peer = { host: longAddress };
      const profile = exampleProfile({ name: longName, interface: 'ipsec7', local: { host: 'auto' }, peer });
      await pair.left.culvertd.ask('profile.create', { profile, secrets: 'generate' });
    });
  });
  after(() => live.close());

  test('the list keeps each word in its column', async () => {
    await live.goTo('/tunnels');
    for (const width of widths) {
      await live.page.setViewportSize({ width, height: 800 });
      const row = live.page.getByRole('article').filter({ hasText: longName });
      await row.waitFor();
      const columns = await row.evaluate((article) =>
        [...article.children]
          .map((child) => {
            const words = document.createRange();
            words.selectNodeContents(child);
            const { left, right } = child.getBoundingClientRect();
            return { left, right, end: words.getBoundingClientRect().right, width: right - left };
          })
          .filter((column) => column.width > 0),
      );
      assert.ok(columns.length >= 4, `${width}`);
      for (const { end, right } of columns) assert.ok(end <= right + 1, `${width}: ${end} is beyond ${right}`);
    }
  });

  test('the head keeps its buttons whole, and the sheet is no wider than the window', async () => {
    await live.goTo(`/tunnel/${longName}`);
    for (const width of widths) {
      await live.page.setViewportSize({ width, height: 800 });
      const more = await live.page.getByRole('button', { name: 'More' }).boundingBox();
      assert.ok(more !== null && more.width >= 28, `${width}: ${more?.width}`);
      const beyond = await live.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(beyond <= 0, `${width}`);
    }
  });

  test('the path is tested anew while its drawer is open', async () => {
    const { page, pair } = live;
    await page.setViewportSize({ width: 1280, height: 800 });
    await live.goTo('/tunnel/office');
    const again = page.getByRole('button', { name: 'Test the path' });
    await again.click();
    await page.getByText('All 11 checks passed.').waitFor();
    await pair.right.culvertd.ask('profile.down', { name: 'office' });
    await again.click();
    await page.getByText('Failed at: The peer is heard').waitFor();
    assert.deepEqual(live.window.complaints, []);
  });
});
