/**
 * Every sheet by axe-core's rules (WCAG 2.2 A and AA), in light and dark, wide and narrow: nothing serious or critical.
 * @module
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, suite, test } from 'node:test';
import type { AxeResults } from 'axe-core';
import { LiveWindow } from './live/live-window.ts';
import { bringUpOffice, OfficeTraffic } from './live/office.ts';

/** Address → what is there once it is drawn. */
const sheets: Readonly<Record<string, RegExp>> = {
  '/tunnels': /Outer path/,
  '/associations': /0x/,
  '/policies': /protect|discard/,
  '/events': /^Events$/,
  '/settings': /Path MTU over IPv6/,
  '/import': /Import a tunnel/,
  '/wizard': /What is the tunnel for/,
  '/wizard/all': /^Everything on one page$/,
  '/wizard/text': /^Write it as text$/,
  '/tunnel/office': /Throughput/,
  '/tunnel/office/interface': /Carry IPv6 inside/,
  '/tunnel/office/keys': /0x/,
  '/tunnel/office/policies': /protect/,
  '/tunnel/office/events': /^All events$/,
  '/tunnel/office/text': /ifconfig/,
};

const axe = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');

suite('accessibility', { skip: LiveWindow.missing() }, () => {
  let live: LiveWindow;
  let traffic: OfficeTraffic | null = null;

  before(async () => {
    live = await LiveWindow.open({ bypassesPolicy: true }, bringUpOffice);
    traffic = new OfficeTraffic(live.pair);
  });
  after(async () => {
    await traffic?.stop();
    await live.close();
  });

  const views = [
    { theme: 'light', width: 1280 },
    { theme: 'light', width: 800 },
    { theme: 'dark', width: 1280 },
  ] as const;
  for (const { theme, width } of views) {
    test(`nothing serious on any sheet, ${theme}, ${width} wide`, async () => {
      await live.page.emulateMedia({ colorScheme: theme });
      await live.page.setViewportSize({ width, height: 800 });
      const faults: string[] = [];
      for (const [address, content] of Object.entries(sheets)) faults.push(...(await faultsOf(address, content)));
      assert.deepEqual(faults, []);
    });
  }

  test('nothing serious in a dialog, a menu and a drawer', async () => {
    const faults: string[] = [];
    await live.goTo('/tunnel/office/interface');
    await live.page.getByRole('switch', { name: 'Carry IPv6 inside' }).click();
    await live.page.getByRole('dialog').waitFor();
    faults.push(...(await run('dialog')));
    await live.page.keyboard.press('Escape');
    await live.page.getByRole('button', { name: 'More' }).click();
    await live.page.getByRole('menuitem', { name: 'Rename' }).waitFor();
    faults.push(...(await run('menu')));
    await live.page.keyboard.press('Escape');
    await live.goTo('/associations');
    await live.page.getByRole('row').filter({ hasText: '0x' }).first().click();
    await live.page.locator('.drawer').waitFor();
    faults.push(...(await run('drawer')));
    assert.deepEqual(faults, []);
  });

  async function faultsOf(address: string, content: RegExp): Promise<readonly string[]> {
    await live.goTo(address);
    await live.page.getByText(content).filter({ visible: true }).first().waitFor();
    return run(address);
  }

  async function run(where: string): Promise<readonly string[]> {
    const isThere = await live.page.evaluate(() => 'axe' in window);
    if (!isThere) await live.page.evaluate(axe);
    const { violations } = await live.page.evaluate(async () => {
      const { axe: engine } = window as unknown as { axe: { run(options: object): Promise<AxeResults> } };
      return engine.run({
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
        resultTypes: ['violations'],
      });
    });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(
        ({ id, nodes }) =>
          `${where}: ${id}: ${nodes.map(({ html, any }) => `${html.slice(0, 160)} ${any[0]?.message ?? ''}`).join(' | ')}`,
      );
  }
});
