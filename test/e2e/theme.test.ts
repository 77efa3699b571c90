/**
 * The theme is the desktop's until somebody chooses one, is remembered by the program that serves the page, and is seen at
 * once.
 * @module
 */
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { LiveWindow } from './live/live-window.ts';

suite('the theme', { skip: LiveWindow.missing() }, () => {
  let live: LiveWindow;

  before(async () => {
    live = await LiveWindow.open({ theme: 'dark' });
  });
  after(() => live.close());

  test('nothing chosen, it follows the desktop as that changes', async () => {
    const dark = await paper();
    await live.page.emulateMedia({ colorScheme: 'light' });
    assert.ok(dark < 0.1 && (await paper()) > 0.8);
  });

  test('a choice holds against the desktop’s and over a reload', async () => {
    await live.goTo('/settings');
    await live.page.getByLabel('Theme').selectOption('dark');
    await live.page.locator('html[data-theme="dark"]').waitFor();
    assert.ok((await paper()) < 0.1);
    await live.page.reload();
    await live.page.locator('html[data-theme="dark"]').waitFor();
    assert.equal(await live.page.getByLabel('Theme').inputValue(), 'dark');
  });

  test('high contrast has ink on paper of 15 to 1 or more', async () => {
    for (const theme of ['light-contrast', 'dark-contrast']) {
      await live.page.getByLabel('Theme').selectOption(theme);
      await live.page.locator(`html[data-theme="${theme}"]`).waitFor();
      const both = [await paper(), await luminance('color')];
      assert.ok((Math.max(...both) + 0.05) / (Math.min(...both) + 0.05) >= 15, theme);
    }
  });

  test('back to the desktop’s, nothing of the choice stays', async () => {
    await live.page.getByLabel('Theme').selectOption('system');
    await live.page.locator('html:not([data-theme])').waitFor({ state: 'attached' });
    assert.ok((await paper()) > 0.8);
    assert.deepEqual(live.window.complaints, []);
  });

  test('where the system gives the colours, what is chosen and what is on looks unlike what is not', async () => {
    const { page } = live;
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, forcedColors: 'active' });
      await live.goTo('/associations');
      await page.getByRole('heading', { name: 'Associations', exact: true }).waitFor();
      await live.goTo('/settings');
      await page.getByRole('switch').first().waitFor();
      const switches = await page.getByRole('switch').evaluateAll((all) =>
        all.map((one) => {
          const { backgroundColor: knob } = getComputedStyle(one, '::before');
          const { backgroundColor: bed } = getComputedStyle(one);
          return { isOn: one.ariaChecked === 'true', knob, bed };
        }),
      );
      for (const { knob, bed } of switches) assert.notEqual(knob, bed, `${colorScheme}: a knob is seen`);
      const current = page.getByRole('navigation').getByRole('link', { name: 'Settings' });
      const other = page.getByRole('navigation').getByRole('link', { name: 'Events' });
      const ground = (one: typeof current): Promise<string> =>
        one.evaluate((it) => getComputedStyle(it).backgroundColor);
      assert.notEqual(await ground(current), await ground(other), colorScheme);
    }
    await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none' });
    assert.deepEqual(live.window.complaints, []);
  });

  const paper = (): Promise<number> => luminance('backgroundColor');

  /** Relative luminance of a colour of the page's body (WCAG 2.2). */
  function luminance(property: 'color' | 'backgroundColor'): Promise<number> {
    return live.page.evaluate((name) => {
      const channels = getComputedStyle(document.body)[name].match(/[\d.]+/g) ?? [];
      const [red = 0, green = 0, blue = 0] = channels
        .map((text) => Number(text) / 255)
        .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    }, property);
  }
});
