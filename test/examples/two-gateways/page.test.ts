import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isNewerThan } from '#examples/two-gateways/page.ts';

test('a page is built anew as soon as one of its sources is younger than it', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'culvert-page-age-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const write = (name: string, seconds: number): string => {
    const path = join(folder, name);
    writeFileSync(path, '');
    utimesSync(path, seconds, seconds);
    return path;
  };
  const page = write('index.html', 2000);
  const old = write('old.ts', 1000);
  assert.equal(isNewerThan(page, [old, page]), true);
  assert.equal(isNewerThan(page, [old, write('new.ts', 3000)]), false);
});
