import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { makePrivateFolder } from '#core/client/private-folder.ts';

test('a folder is made with what is missing above it, for its owner alone, and made again it stays', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'culvert-folder-'));
  t.after(() => rmSync(folder, { recursive: true }));
  makePrivateFolder(join(folder, 'a', 'b'));
  makePrivateFolder(join(folder, 'a', 'b'));
  assert.equal(statSync(join(folder, 'a')).mode & 0o777, 0o700);
  assert.ok(statSync(join(folder, 'a', 'b')).isDirectory());
});

test('a place where no folder can be fails at once with the reason', { timeout: 5000 }, (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'culvert-folder-'));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'file'), '');
  assert.throws(() => makePrivateFolder(join(folder, 'file')), { code: 'EEXIST' });
  assert.throws(() => makePrivateFolder(join(folder, 'file', 'a')), { code: /EEXIST|ENOTDIR/ });
  assert.throws(() => makePrivateFolder('/proc/culvert/a'), { code: 'ENOENT' });
});
