import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { createBrowserShell } from '#core/cli/ui/browser-shell.ts';

function pathOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'culvert-shell-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return join(folder, 'window.json');
}

test('the shell is a browser’s, and settings are kept on this machine', async (t) => {
  const path = pathOf(t);
  const { handlers, problem } = createBrowserShell(path, '1.2.3', () => {});
  assert.equal(problem, null);
  const before = await handlers['shell.describe']({});
  assert.deepEqual([before.kind, before.version, before.hasTray], ['browser', '1.2.3', null]);
  const after = await handlers['shell.setSettings']({ theme: 'dark' });
  assert.equal(after.settings.theme, 'dark');
  assert.match(readFileSync(path, 'utf8'), /"theme": "dark"/);
});

test('settings that cannot be written stay as they are', async (t) => {
  const path = pathOf(t);
  writeFileSync(path, '');
  const { handlers } = createBrowserShell(join(path, 'below-a-file'), '1', () => {});
  assert.throws(() => handlers['shell.setSettings']({ theme: 'dark' }), { code: 'STATE_UNWRITABLE' });
  assert.equal((await handlers['shell.describe']({})).settings.theme, 'system');
});

test('what a browser does itself is refused, and starting the helper looks for it at once', async (t) => {
  let retries = 0;
  const { handlers } = createBrowserShell(pathOf(t), '1', () => (retries += 1));
  assert.throws(() => handlers['shell.openFile']({}), { code: 'API_UNKNOWN_METHOD' });
  assert.throws(() => handlers['shell.copy']({ text: 'key', isSecret: true }), { code: 'API_UNKNOWN_METHOD' });
  await handlers['shell.startHelper']({});
  assert.equal(retries, 1);
});

test('a broken file is told of once and set aside', (t) => {
  const path = pathOf(t);
  writeFileSync(path, 'broken');
  assert.match(createBrowserShell(path, '1', () => {}).problem ?? '', /broken/);
  assert.equal(createBrowserShell(path, '1', () => {}).problem, null);
});
