/**
 * The window without a mouse: from the list into a tunnel, through its tabs, to its switch; and a whole tunnel made in
 * the wizard.
 * @module
 */
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { LiveWindow } from './live/live-window.ts';
import { bringUpOffice } from './live/office.ts';

/** More stops of the Tab key than any sheet has. */
const manyStops = 60;

suite('by keyboard alone', { skip: LiveWindow.missing() }, () => {
  let live: LiveWindow;

  before(async () => {
    live = await LiveWindow.open({}, async (pair) => {
      await bringUpOffice(pair);
      await pair.left.culvertd.ask('interface.create', { name: 'ipsec7' });
    });
  });
  after(() => live.close());

  test('arrows go from tunnel to tunnel, Enter opens one, arrows turn its tabs', async () => {
    await live.page.getByRole('link', { name: /^office/ }).waitFor();
    await tabTo(/^(office|ipsec7)/);
    const first = await focused();
    await live.page.keyboard.press(first.startsWith('office') ? 'ArrowDown' : 'ArrowUp');
    assert.match(await focused(), /^(office|ipsec7)/);
    assert.notEqual(await focused(), first);
    if (!(await focused()).startsWith('office')) await live.page.keyboard.press('ArrowUp');
    if (!(await focused()).startsWith('office')) await live.page.keyboard.press('ArrowDown');
    await live.page.keyboard.press('Enter');
    await live.page.getByRole('heading', { name: 'office', exact: true }).waitFor();
    await tabTo(/^Overview/);
    await live.page.keyboard.press('ArrowRight');
    if (!live.page.url().endsWith('/interface')) await live.page.keyboard.press('Enter');
    await live.page.getByRole('switch', { name: 'Carry IPv6 inside' }).waitFor();
  });

  test('the focus is always to be seen', async () => {
    for (let stop = 0; stop < 25; stop++) {
      await live.page.keyboard.press('Tab');
      assert.ok(await isFocusSeen(), `nothing shows that ${await focused()} has the focus`);
    }
  });

  test('Space switches the tunnel off and on', async () => {
    await tabTo(/^office$/);
    await live.page.keyboard.press('Space');
    await live.page.getByText('Nothing is sent.').waitFor();
    assert.equal(live.pair.pings(), false);
    await live.page.keyboard.press('Space');
    await live.page.getByText(/^Keys are in place/).waitFor();
    assert.equal(live.pair.pings(), true);
  });

  test('Escape answers a question with nothing, and the focus is back where it was', async () => {
    await tabTo(/^More$/);
    await live.page.keyboard.press('Enter');
    await live.page.getByRole('menuitem', { name: 'Rename' }).waitFor();
    await live.page.keyboard.press('Enter');
    await live.page.getByRole('dialog').getByLabel('Name').waitFor();
    await live.page.keyboard.press('Escape');
    await live.page.getByRole('dialog').waitFor({ state: 'detached' });
    assert.match(await focused(), /^More$/);
  });

  test('the wizard is walked through with Tab and Enter, and a tunnel is made', async () => {
    await tabTo(/^Tunnels/);
    await live.page.keyboard.press('Enter');
    await tabTo(/^New tunnel$/);
    await live.page.keyboard.press('Enter');
    await live.page.getByRole('heading', { name: 'What is the tunnel for?' }).waitFor();
    await tabTo(/^Name$/);
    await live.page.keyboard.type('Lisboa');
    await live.page.keyboard.press('Enter');
    await live.page.getByRole('heading', { name: 'Where does it begin and end?' }).waitFor();
    await tabTo(/^Address of the other end$/);
    await live.page.keyboard.type('192.0.2.77');
    await live.page.keyboard.press('Enter');
    await live.page.getByRole('heading', { name: 'Keys', exact: true }).waitFor();
    // SPIs are drawn once it is known which are free.
    await live.page.waitForFunction('document.querySelector("[name=spiOut]").value !== ""');
    await tabTo(/^Continue/);
    await live.page.keyboard.press('Enter');
    await live.page.getByRole('heading', { name: 'What goes through?' }).waitFor();
    await tabTo(/^Continue/);
    await live.page.keyboard.press('Enter');
    await live.page.getByRole('heading', { name: 'Check and start' }).waitFor();
    await tabTo(/^Make the tunnel and connect$/);
    await live.page.keyboard.press('Enter');
    await live.page.getByText('Waiting for the other end').waitFor();
    const { profiles } = await live.pair.left.culvertd.ask('profile.list', {});
    assert.ok(profiles.some(({ profile, phase }) => profile.name === 'Lisboa' && phase === 'on'));
    assert.deepEqual(live.window.complaints, []);
  });

  /** Press Tab until what has the focus is called so. */
  async function tabTo(name: RegExp): Promise<void> {
    const passed: string[] = [];
    for (let stop = 0; stop < manyStops; stop++) {
      await live.page.keyboard.press('Tab');
      const here = await focused();
      if (name.test(here)) return;
      passed.push(here);
    }
    assert.fail(`Tab never comes to ${String(name)}; it stops at ${passed.join(', ')}`);
  }

  /** The name of what has the focus, as assistive technology reads it. */
  function focused(): Promise<string> {
    return live.page.evaluate(() => {
      const one = document.activeElement;
      if (!(one instanceof HTMLElement)) return '';
      const label = one instanceof HTMLInputElement ? one.labels?.[0]?.firstChild?.textContent : null;
      const by = one.getAttribute('aria-labelledby');
      const named = by === null ? null : document.getElementById(by)?.textContent;
      return (one.getAttribute('aria-label') ?? named ?? label ?? one.textContent ?? '').trim();
    });
  }

  /** An outline or a shadow on the element or, for a field within one, around it. */
  function isFocusSeen(): Promise<boolean> {
    return live.page.evaluate(() => {
      const one = document.activeElement;
      if (one === null || one === document.body) return true;
      const inner = one.shadowRoot === null ? [] : [one.shadowRoot.querySelector('.cm-editor')];
      return [one, one.parentElement, ...inner].some((element) => {
        if (element === null || element === undefined) return false;
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
        return (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1) || boxShadow !== 'none';
      });
    });
  }
});
