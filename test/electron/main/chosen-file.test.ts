import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { openChosenFile, saveChosenFile, type FileDialogs } from '#electron/main/chosen-file.ts';

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'culvert-chosen-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

function dialogs(path: string | null, seen: unknown[] = []): FileDialogs {
  const answer = { canceled: path === null, filePath: path ?? '', filePaths: path === null ? [] : [path] };
  const show = (options: unknown): Promise<never> => {
    seen.push(options);
    return Promise.resolve(answer as never);
  };
  return { dialog: { showSaveDialog: show, showOpenDialog: show }, window: () => null, folder: '/home/me' };
}

test('a secret is written for its owner alone, even over a file that others could read', async (t) => {
  const path = join(folderOf(t), 'peer.conf');
  writeFileSync(path, 'old', { mode: 0o644 });
  const seen: unknown[] = [];
  const request = { suggestedName: 'peer.conf', text: 'key', isSecret: true };
  assert.deepEqual(await saveChosenFile(dialogs(path, seen), request), { isSaved: true });
  assert.deepEqual(seen, [{ defaultPath: '/home/me/peer.conf' }]);
  assert.equal(readFileSync(path, 'utf8'), 'key');
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(join(path, '..')), ['peer.conf'], 'no draft is left');
});

test('nothing is written when no place was chosen, and a place that cannot be written is an error with its name', async (t) => {
  const request = { suggestedName: 'x.conf', text: 'x', isSecret: false };
  assert.deepEqual(await saveChosenFile(dialogs(null), request), { isSaved: false });
  const path = join(folderOf(t), 'missing', 'x.conf');
  await assert.rejects(saveChosenFile(dialogs(path), request), {
    code: 'FILE_UNWRITABLE',
    message: /x\.conf \(ENOENT\)/,
  });
});

test('a file that was chosen comes with its name and without its place', async (t) => {
  const path = join(folderOf(t), 'in.conf');
  writeFileSync(path, 'spdadd');
  assert.deepEqual(await openChosenFile(dialogs(path)), { file: { name: 'in.conf', text: 'spdadd' } });
  assert.deepEqual(await openChosenFile(dialogs(null)), { file: null });
  truncateSync(path, 4 * 1024 * 1024 + 1);
  await assert.rejects(openChosenFile(dialogs(path)), { code: 'API_MESSAGE_TOO_LONG' });
  await assert.rejects(openChosenFile(dialogs(`${path}.none`)), { code: 'FILE_UNREADABLE' });
  await assert.rejects(openChosenFile(dialogs('/dev/zero')), { code: 'FILE_UNREADABLE' }, 'what never ends');
});
