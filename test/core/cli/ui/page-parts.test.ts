import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { listPageParts } from '#core/cli/ui/page-parts.ts';

const html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <link rel="icon" type="image/svg+xml" href="./assets/icon.svg" />
    <script type="module" crossorigin src="./assets/index-1.js"></script>
    <link rel="modulepreload" crossorigin href="./assets/shared-2.js">
    <link rel="stylesheet" crossorigin href="./assets/index-3.css">
    <link rel="preload" as="font" type="font/woff2" href="./assets/plex-4.woff2" crossorigin>
  </head>
</html>`;

test('the parts of a page are what its head names, by the names that elements have for it', () => {
  assert.deepEqual(listPageParts(html), {
    links: [
      { rel: 'icon', type: 'image/svg+xml', href: './assets/icon.svg' },
      { rel: 'modulepreload', crossOrigin: '', href: './assets/shared-2.js' },
      { rel: 'stylesheet', crossOrigin: '', href: './assets/index-3.css' },
      { rel: 'preload', as: 'font', type: 'font/woff2', href: './assets/plex-4.woff2', crossOrigin: '' },
    ],
    modules: ['./assets/index-1.js'],
  });
});

test('a script without an address is no part: the policy runs none', () => {
  assert.deepEqual(listPageParts('<script >alert(1)</script>'), { links: [], modules: [] });
});

test(
  'the built page is understood whole',
  { skip: existsSync('dist/renderer/index.html') ? false : 'the page (node build/renderer.ts)' },
  () => {
    const built = readFileSync('dist/renderer/index.html', 'utf8');
    const { links, modules } = listPageParts(built);
    assert.equal(modules.length, 1);
    const named = [...modules, ...links.map(({ href }) => href)].toSorted();
    assert.deepEqual(named, [...built.matchAll(/\.\/assets\/[\w.-]+/g)].map(([path]) => path).toSorted());
    for (const rel of ['icon', 'stylesheet', 'preload'])
      assert.ok(
        links.some((link) => link['rel'] === rel),
        rel,
      );
  },
);
