import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SecretClipboard } from '#electron/main/secret-clipboard.ts';
import { FakeElectron } from '#test/support/electron/stand-in.ts';

async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
}

test('a secret leaves the clipboard after a minute; what is none stays', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const electron = new FakeElectron();
  const secrets = new SecretClipboard(electron.clipboard);
  await secrets.copy('key', true);
  t.mock.timers.tick(59_000);
  await settle();
  assert.equal(electron.clipboardText, 'key');
  t.mock.timers.tick(1000);
  await settle();
  assert.equal(electron.clipboardText, '');
  await secrets.copy('address', false);
  t.mock.timers.tick(120_000);
  await settle();
  assert.equal(electron.clipboardText, 'address');
});

test('what was copied after a secret is left alone, and quitting takes a secret off at once', async () => {
  const electron = new FakeElectron();
  const secrets = new SecretClipboard(electron.clipboard);
  await secrets.copy('key', true);
  electron.clipboardText = 'from elsewhere';
  await secrets.clearSecret();
  assert.equal(electron.clipboardText, 'from elsewhere');
  await secrets.copy('key', true);
  await secrets.clearSecret();
  assert.equal(electron.clipboardText, '');
});
