import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { libraries } from '#build/package/helper-folder.ts';

test('what is packed beside the sources is what they import', () => {
  const sources = globSync('core/**/*.ts', { exclude: (path) => /node_modules|^core\/tun-tap/.test(path) });
  const imported = new Set(
    sources
      .flatMap((path) => [...readFileSync(path, 'utf8').matchAll(/^(?:import|export|\}) .*from '([^'.#][^']*)';$/gm)])
      .map(([, name]) => name ?? '')
      .filter((name) => !name.startsWith('node:') && name !== 'tun-tap')
      .map((name) => /^(@[^/]+\/[^/]+|[^/]+)/.exec(name)?.[0] ?? ''),
  );
  assert.ok(sources.length > 200);
  assert.deepEqual([...libraries].sort(), [...imported].sort());
});
