import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { libraries } from '#renderer/screens/settings/libraries.ts';
import { readSourceTree, type SourceFile } from '#test/architecture/source-tree.ts';

const named = libraries.flatMap(({ packages }) => packages).sort();

/** Packages that run in the page: of every file that it comes to from its first one. */
function packagesOfPage(): readonly string[] {
  const files = new Map(readSourceTree(['renderer', 'core']).map((file) => [file.path, file]));
  const packages = new Set<string>();
  const seen = new Set<SourceFile>();
  const visit = (path: string): void => {
    const file = files.get(path);
    if (file === undefined || seen.has(file)) return;
    seen.add(file);
    for (const { target, isOwn, isTypeOnly } of file.imports) {
      if (isTypeOnly) continue;
      if (isOwn) visit(target);
      else packages.add(/^(?:@[^/]+\/)?[^/]+/.exec(target)?.[0] ?? target);
    }
  };
  visit('renderer/main.tsx');
  return [...packages].sort();
}

test('About names every package that the page is made with, and no other', () => {
  assert.deepEqual(packagesOfPage(), named);
});

test('each has the licence that its package says', () => {
  for (const { license, packages } of libraries) {
    for (const name of packages) {
      const manifest = JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')) as { license: string };
      assert.equal(manifest.license, license, name);
    }
  }
});
