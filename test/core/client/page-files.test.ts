import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readPageFiles } from '#core/client/page-files.ts';

test('only files of known kinds are in the table, under the path that a browser asks for', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'culvert-page-'));
  t.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'assets'));
  for (const name of ['index.html', 'assets/a.js', 'assets/b.woff2', 'notes.txt', '.hidden'])
    writeFileSync(join(folder, name), name);
  const files = readPageFiles(folder);
  assert.deepEqual([...files.keys()].sort(), ['/assets/a.js', '/assets/b.woff2', '/index.html']);
  assert.equal(files.get('/assets/a.js')?.type, 'text/javascript; charset=utf-8');
});

test('a page that was not built is said to be missing, with what builds it', () => {
  assert.throws(() => readPageFiles('/nonexistent'), { code: 'FILE_UNREADABLE', message: /npm start/ });
});
