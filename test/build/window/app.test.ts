import assert from 'node:assert/strict';
import { test } from 'node:test';
import { releaseBuild } from '#build/window/app.ts';
import { readSourceTree } from '#test/architecture/source-tree.ts';

test('neither the shim nor the old targets of the test runtime reach a release', () => {
  assert.deepEqual([releaseBuild.mainPrelude, releaseBuild.pagePrelude], [[], []]);
  assert.ok(Number(releaseBuild.targets.main.replace('node', '')) >= 24);
  const sources = readSourceTree(['core', 'electron', 'renderer', 'build']);
  const importers = sources.filter(({ imports }) =>
    imports.some(({ target }) => target.startsWith('test/') || target.startsWith('core-js')),
  );
  assert.deepEqual(
    importers.map(({ path }) => path),
    [],
  );
});
