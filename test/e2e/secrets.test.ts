/**
 * No key reaches the page, by whatever way one walks through it, until somebody asks for the other end's file.
 * @module
 */
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { readProfileText } from '#core/profile/import/profile-text.ts';
import { until } from '#test/support/until.ts';
import { LiveWindow } from './live/live-window.ts';
import { bringUpOffice, exportForPeer } from './live/office.ts';

/** Every sheet that shows a tunnel. */
const sheets = [
  ...['/tunnels', '/associations', '/policies', '/events', '/settings', '/import', '/wizard', '/wizard/text'],
  ...['', '/interface', '/keys', '/policies', '/events', '/text'].map((tab) => `/tunnel/office${tab}`),
];

suite('keys', { skip: LiveWindow.missing() }, () => {
  let live: LiveWindow;
  let keys: readonly string[];

  before(async () => {
    live = await LiveWindow.open({}, bringUpOffice);
    const { secrets } = readProfileText(await exportForPeer(live.pair.left.culvertd));
    keys =
      secrets?.pairs.flatMap((pair) =>
        [pair.out, pair.in].flatMap(({ encryption, integrity }) => [
          encryption,
          ...(integrity === null ? [] : [integrity]),
        ]),
      ) ?? [];
  });
  after(() => live.close());

  test('no sheet has one in its page, and no frame brings one, whatever is looked at', async () => {
    assert.equal(keys.length, 4);
    for (const sheet of sheets) {
      await live.goTo(sheet);
      await live.page.getByRole('heading').first().waitFor();
      await live.page.waitForTimeout(300);
      assert.deepEqual(found(await everythingOf()), [], sheet);
    }
    await live.goTo('/associations');
    await live.page.getByRole('row').filter({ hasText: '0x' }).first().click();
    await live.page.locator('.drawer').waitFor();
    assert.deepEqual(found(await everythingOf()), []);
    assert.ok(live.window.frames.length > 10);
    assert.deepEqual(found(live.window.frames.join('\n')), []);
    assert.deepEqual(live.window.complaints, []);
  });

  test('the same ears hear a key that is asked for by name', async () => {
    const params = { name: 'office', format: 'json', isPeer: true, withKeys: true };
    await live.window.askAsPage('profile.export', params);
    await until(() => found(live.window.frames.join('\n')).length > 0);
    assert.equal(found(live.window.frames.join('\n')).length, 4);
  });

  function found(text: string): readonly string[] {
    const folded = text.toLowerCase();
    return keys.filter((key) => folded.includes(key.toLowerCase()));
  }

  /** The page's own text, values of its fields, shadow roots and storage. */
  function everythingOf(): Promise<string> {
    return live.page.evaluate(() => {
      const roots = [document, ...[...document.querySelectorAll('*')].flatMap((one) => one.shadowRoot ?? [])];
      const texts = roots.map((root) => (root instanceof Document ? root.documentElement : root).innerHTML ?? '');
      const values = [...document.querySelectorAll('input, textarea')].map(
        (field) => (field as HTMLInputElement).value,
      );
      return [...texts, ...values, JSON.stringify(sessionStorage), JSON.stringify(localStorage)].join('\n');
    });
  }
});
