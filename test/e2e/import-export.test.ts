/**
 * A tunnel goes from one end to the other as a file: exported on the command line, imported in the window, exported again
 * for the end that it came from, and nothing of it has changed.
 * @module
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { readProfileText } from '#core/profile/import/profile-text.ts';
import { LiveWindow } from './live/live-window.ts';
import { saveOffice } from './live/office.ts';

suite('import and export', { skip: LiveWindow.missing() }, () => {
  let live: LiveWindow;
  let folder: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'culvert-export-'));
    live = await LiveWindow.open({}, async (pair) => {
      await saveOffice(pair);
      await pair.left.culvertd.ask('profile.delete', { name: 'office' });
      await pair.right.culvertd.ask('profile.up', { name: 'office' });
    });
  });
  after(async () => {
    await live.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('a text that is none is refused with a reason, and nothing is made', async () => {
    await live.goTo('/import');
    await live.page.getByLabel('Text').fill('{ "name": 7 }');
    await live.page.getByRole('alert').filter({ hasText: /\S/ }).waitFor();
    assert.equal(await live.page.getByRole('button', { name: 'Make the tunnel and connect' }).count(), 0);
  });

  test('the file that culvert export wrote for this end makes the tunnel, and its keys stand nowhere', async () => {
    const file = join(folder, 'office.json');
    exportOffice('right', file, '--peer', '--with-keys');
    assert.equal(statSync(file).mode & 0o777, 0o600);
    await live.window.choose(() => live.page.getByRole('button', { name: 'Choose a file' }).click(), file);
    await live.page.getByText('10.2.0.0/24').first().waitFor();
    assert.ok(!(await live.page.content()).includes(keysOf(file)[0] ?? '–'));
    await live.page.getByRole('button', { name: 'Make the tunnel and connect' }).click();
    await live.page.getByRole('heading', { name: 'office', exact: true }).waitFor();
    await live.page.getByText(/^Keys are in place/).waitFor();
    assert.equal(live.pair.pings(), true);
  });

  test('exported again for the end that it came from, it is what that end has', () => {
    const [own, again] = [join(folder, 'own.json'), join(folder, 'again.json')];
    exportOffice('right', own, '--with-keys');
    exportOffice('left', again, '--peer', '--with-keys');
    const [expected, found] = [own, again].map((file) => readProfileText(readFileSync(file, 'utf8')));
    assert.deepEqual(found?.profile, expected?.profile);
    assert.deepEqual(found?.secrets, expected?.secrets);
  });

  test('without --with-keys the file has none, and the window says what is missing', async () => {
    const file = join(folder, 'bare.json');
    exportOffice('right', file, '--peer');
    await live.goTo('/import');
    await live.page.getByLabel('Text').fill(readFileSync(file, 'utf8'));
    await live.page.getByText('The text has no keys').waitFor();
    assert.equal(await live.page.getByRole('button', { name: 'Make the tunnel and connect' }).isDisabled(), true);
    assert.deepEqual(live.window.complaints, []);
  });

  function exportOffice(end: 'left' | 'right', file: string, ...flags: readonly string[]): void {
    const { socket } = live.pair[end].culvertd;
    const args = ['core/cli/main.ts', '--socket', socket, 'export', 'office', '--format', 'json', ...flags, '-o', file];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
  }

  function keysOf(file: string): readonly string[] {
    const { secrets } = readProfileText(readFileSync(file, 'utf8'));
    return secrets?.pairs.flatMap(({ out, in: into }) => [out.encryption, into.encryption]) ?? [];
  }
});
