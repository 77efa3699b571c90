/**
 * What the list says of a tunnel while things happen to it: it carries traffic, its other end dies, it is switched off and
 * on, renamed and deleted.
 * @module
 */
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { LiveWindow } from './live/live-window.ts';
import { bringUpOffice, OfficeTraffic } from './live/office.ts';

suite('the state of a tunnel', { skip: LiveWindow.missing() }, () => {
  let live: LiveWindow;
  let traffic: OfficeTraffic | null = null;

  before(async () => {
    live = await LiveWindow.open({}, bringUpOffice);
    traffic = new OfficeTraffic(live.pair);
  });
  after(async () => {
    await traffic?.stop();
    await live.close();
  });

  test('a tunnel through which packets go both ways says so', async () => {
    await badge('Up').waitFor();
    await row()
      .getByText(/Carries traffic both ways/)
      .waitFor();
    assert.equal(live.pair.pings(), true);
  });

  test('switched off it says that its packets are dropped, and switched on it carries them again', async () => {
    await row().getByRole('switch').click();
    await badge('Off').waitFor();
    assert.equal(live.pair.pings(), false);
    await row().getByRole('switch').click();
    await badge('Up').waitFor();
    assert.equal(live.pair.pings(), true);
  });

  test('a new name holds in the list, in the address and in the machine, and no packet is lost for it', async () => {
    await live.goTo('/tunnel/office');
    await live.page.getByRole('button', { name: 'More' }).click();
    await live.page.getByRole('menuitem', { name: 'Rename' }).click();
    const dialog = live.page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Kyoto');
    await dialog.getByRole('button', { name: 'Rename' }).click();
    await live.page.getByRole('heading', { name: 'Kyoto', exact: true }).waitFor();
    assert.match(live.page.url(), /#\/tunnel\/Kyoto$/);
    assert.equal(live.pair.pings(), true);
    const { profiles } = await live.pair.left.culvertd.ask('profile.list', {});
    assert.deepEqual(
      profiles.map(({ profile }) => profile.name),
      ['Kyoto'],
    );
  });

  test('a device that another program deletes is told with what is refused, and is made anew from there', async () => {
    const { page, pair } = live;
    await live.goTo('/tunnels');
    pair.left.namespace.ip('link del ipsec0');
    await badge('Lost').waitFor();
    await row().getByText('has deleted its device ipsec0. Refused, not sent unsealed: 10.2.0.0/24.').waitFor();
    const refused = pair.left.namespace.run('ip', 'route', 'get', pair.right.behind);
    assert.notEqual(refused.status, 0, 'its packets go nowhere');
    await live.goTo('/tunnel/Kyoto');
    const band = page.getByRole('alert').filter({ hasText: '10.2.0.0/24 is refused until the tunnel is made anew.' });
    await band.getByRole('button', { name: 'Make it anew' }).click();
    await band.waitFor({ state: 'detached' });
    await live.goTo('/tunnels');
    await badge('Up').waitFor();
    assert.equal(pair.pings(), true);
  });

  test('once the other end has died the word turns by itself, and the band says what it may be', async () => {
    await live.goTo('/tunnels');
    await badge('Up').waitFor();
    await live.pair.right.culvertd.kill('SIGKILL');
    await badge('Sends only').waitFor({ timeout: 60_000 });
    await row()
      .getByText(/Sends, but has heard nothing for/)
      .waitFor();
    await live.page.getByText('The other end may be off, unreachable, or have other keys.').waitFor();
  });

  test('a tunnel is deleted only after a question, and nothing of it stays in the machine', async () => {
    await live.goTo('/tunnel/Kyoto');
    await live.page.getByRole('button', { name: 'More' }).click();
    await live.page.getByRole('menuitem', { name: 'Delete' }).click();
    await live.page.getByRole('dialog').getByRole('button', { name: 'Keep it' }).click();
    assert.ok(live.pair.left.namespace.devices().includes('ipsec0'));
    await live.page.getByRole('button', { name: 'More' }).click();
    await live.page.getByRole('menuitem', { name: 'Delete' }).click();
    await live.page.getByRole('dialog').getByRole('button', { name: 'Delete it' }).click();
    await live.page.getByText(/A tunnel carries packets between two networks/).waitFor();
    assert.ok(!live.pair.left.namespace.devices().includes('ipsec0'));
    assert.deepEqual(live.window.complaints, []);
  });

  function row(): Locator {
    return live.page.getByRole('article');
  }

  function badge(word: string): Locator {
    return row().getByRole('link').getByText(word, { exact: true });
  }
});
