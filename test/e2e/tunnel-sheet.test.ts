/**
 * The sheet of one tunnel over a live pair: what link2 would change stands there before it is pressed and is so after,
 * and form and text are two views of one thing.
 * @module
 */
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { until } from '#test/support/until.ts';
import { LiveWindow } from './live/live-window.ts';
import { bringUpOffice } from './live/office.ts';

suite('the sheet of a tunnel', { skip: LiveWindow.missing() }, () => {
  let live: LiveWindow;

  before(async () => {
    live = await LiveWindow.open({}, bringUpOffice);
  });
  after(() => live.close());

  test('what link2 would do to policies and associations stands there before, and is so after (ipsecif(4), LINK2)', async () => {
    const { page } = live;
    await live.goTo('/tunnel/office/interface');
    const option = page.getByRole('switch', { name: 'Carry IPv6 inside' });
    assert.equal(await option.isChecked(), false);
    await page.getByText(/Turning this on changes 4 policies and leaves 2 associations unused/).waitFor();
    assert.deepEqual(await ipv6Actions(), ['discard', 'discard']);
    const before = await reqids();

    await option.click();
    const dialog = page.getByRole('dialog', { name: 'Turn on: Carry IPv6 inside' });
    await dialog.getByText('changes', { exact: true }).first().waitFor();
    assert.equal(await dialog.getByText('changes', { exact: true }).count(), 4);
    assert.equal(await dialog.getByText('is unused', { exact: true }).count(), 2);
    await dialog.getByText('ifconfig ipsec0 link2').waitFor();
    assert.deepEqual(await ipv6Actions(), ['discard', 'discard'], 'looking changes nothing');
    await dialog.getByRole('button', { name: 'Apply' }).click();
    await dialog.waitFor({ state: 'detached' });

    assert.deepEqual(await ipv6Actions(), ['protect', 'protect']);
    assert.ok(!(await reqids()).some((reqid) => before.includes(reqid)));
    await page.getByText('Waiting for keys', { exact: true }).waitFor();
    const { profile } = await live.pair.left.culvertd.ask('profile.show', { name: 'office' });
    assert.equal(profile.flags.link2, true);
  });

  test('off and on puts the keys of the profile in place again, and a ping comes back', async () => {
    const { page } = live;
    await page.getByRole('switch', { name: 'office' }).click();
    await page.getByText('Nothing is sent.').waitFor();
    await page.getByRole('switch', { name: 'office' }).click();
    await page.getByText(/^Keys are in place/).waitFor();
    assert.equal(live.pair.pings(), true);
    await page.getByText('Up', { exact: true }).waitFor();
  });

  test('a question that is not answered with Apply changes nothing', async () => {
    const { page } = live;
    await live.goTo('/tunnel/office/interface');
    await page.getByRole('switch', { name: 'Cross address translation' }).click();
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const { interfaces } = await live.pair.left.culvertd.ask('status.get', {});
    assert.equal(interfaces[0]?.link0, false);
  });

  test('what is wrong in the text stands under it with its line, and what is right is done', async () => {
    const { page } = live;
    await live.goTo('/tunnel/office/text');
    const editor = page.getByRole('textbox', { name: 'Text of office' });
    await editor.waitFor();
    const text = await editor.innerText();
    assert.match(text, /mtu 1280/);
    await write(text.replace('mtu 1280', 'mut 1280'));
    await page.getByText(/^Line \d+, column 1: .*mut/).waitFor();
    assert.equal(await page.getByRole('button', { name: 'Save and apply now' }).isDisabled(), true);
    await write(text.replace('mtu 1280', 'mtu 1380'));
    await page.getByText('culvert ifconfig ipsec0 mtu 1380').waitFor();
    await page.getByRole('button', { name: 'Save and apply now' }).click();
    await page.getByText('culvert ifconfig ipsec0 mtu 1380').waitFor({ state: 'detached' });
    const { revision, savedRevision } = await live.pair.left.culvertd.ask('profile.show', { name: 'office' });
    assert.equal(revision, savedRevision);
    assert.equal(await page.getByText(/The profile was edited since/).count(), 0);
    const link = live.pair.left.namespace.ip('link show ipsec0');
    assert.match(link, /mtu 1380/);
    await live.goTo('/tunnel/office/interface');
    assert.equal(await page.getByLabel('MTU').inputValue(), '1380');
  });

  test('what becomes of packets without the tunnel is chosen in words, and holds at once', async () => {
    const { page, pair } = live;
    const routes = (): string => pair.left.namespace.ip('route show');
    assert.match(routes(), /^unreachable 10\.2\.0\.0\/24/m);
    await live.goTo('/tunnel/office/interface');
    const choice = page.getByRole('group', { name: 'When the tunnel cannot carry them' });
    assert.equal(await choice.getByRole('radio', { name: 'Refuse them while it is switched on' }).isChecked(), true);
    await choice.getByRole('radio', { name: 'Let them take another way' }).click();
    await page.getByRole('button', { name: 'Save and apply now' }).click();
    await until(async () => {
      const { profile, revision, savedRevision } = await pair.left.culvertd.ask('profile.show', { name: 'office' });
      return profile.failClosed === 'never' && revision === savedRevision && !routes().includes('unreachable');
    });
  });

  test('what the machine refuses is said before it is pressed, and then neither it nor the profile changes', async () => {
    const { page, pair } = live;
    await live.goTo('/tunnel/office/interface');
    await page.getByLabel('Network', { exact: true }).fill('192.0.2.0/24');
    await page.getByRole('button', { name: 'Add a network' }).click();
    await page.getByLabel('MTU').fill('1390');
    await page
      .getByText(/the way to 192\.0\.2\.2.*through the tunnel itself|there is a route/)
      .first()
      .waitFor();
    await page.getByRole('button', { name: 'Save and apply now' }).click();
    await page
      .getByRole('alert')
      .getByText(/through the tunnel itself|there is a route/)
      .first()
      .waitFor();
    assert.match(pair.left.namespace.ip('link show ipsec0'), /mtu 1380/);
    const { profile } = await pair.left.culvertd.ask('profile.show', { name: 'office' });
    assert.deepEqual([profile.mtu, profile.routes], [1380, [pair.right.network]]);
    await page.getByRole('button', { name: 'Undo' }).click();
  });

  test('setkey’s text of a tunnel has no key, and statements are run all or none', async () => {
    const { page } = live;
    await live.goTo('/tunnel/office/text');
    await page
      .getByRole('radio', { name: 'setkey' })
      .or(page.getByRole('button', { name: 'setkey' }))
      .first()
      .click();
    await page
      .getByText(/0x00003001|0x3001|12289/)
      .first()
      .waitFor();
    const before = (await live.pair.left.culvertd.ask('status.get', {})).associations.length;
    await page.getByRole('textbox', { name: 'Statements to run' }).click();
    await page.keyboard.insertText(
      'add 192.0.2.1 192.0.2.2 esp 0x5001 -E aes-cbc 0x00112233445566778899aabbccddeeff -A hmac-sha256 0x000102030405060708090a0b0c0d0e0f000102030405060708090a0b0c0d0e0f;',
    );
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByText(/Done: 1 carried out/).waitFor();
    assert.equal((await live.pair.left.culvertd.ask('status.get', {})).associations.length, before + 1);
    assert.ok(!(await page.content()).includes('00112233445566778899aabbccddeeff'));
    assert.deepEqual(live.window.complaints, []);
  });

  async function ipv6Actions(): Promise<readonly string[]> {
    const { policies } = await live.pair.left.culvertd.ask('status.get', {});
    return policies.filter(({ upperProtocol }) => upperProtocol === 41).map(({ action }) => action);
  }

  async function reqids(): Promise<readonly number[]> {
    const { policies } = await live.pair.left.culvertd.ask('status.get', {});
    return policies.flatMap(({ requests }) => requests.map(({ reqid }) => reqid)).filter((reqid) => reqid !== 0);
  }

  async function write(text: string): Promise<void> {
    await live.page.getByRole('textbox', { name: 'Text of office' }).click();
    await live.page.keyboard.press('Control+a');
    await live.page.keyboard.press('Delete');
    await live.page.keyboard.insertText(text);
  }
});
