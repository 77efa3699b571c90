import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { writePrivateFile } from '#core/client/private-file.ts';

test('a file is replaced whole, for its owner alone, in a folder that was missing', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'culvert-file-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'a', 'file');
  writePrivateFile(path, 'a longer text', true);
  writePrivateFile(path, 'text', false);
  assert.equal(readFileSync(path, 'utf8'), 'text');
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(join(folder, 'a')), ['file']);
});

test('where it cannot be put it fails with the reason, and no draft stays', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'culvert-file-'));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'taken'));
  assert.throws(() => writePrivateFile(join(folder, 'taken'), 'text', true), { code: 'EISDIR' });
  assert.deepEqual(readdirSync(folder), ['taken']);
});
