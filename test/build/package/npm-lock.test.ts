import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closeOver } from '#build/package/npm-lock.ts';

test('libraries come with everything that they need, each once, nested ones where they lie', () => {
  const lock = {
    packages: {
      'node_modules/a': { dependencies: { b: '1', c: '1' } },
      'node_modules/b': { dependencies: { a: '1' } },
      'node_modules/a/node_modules/b': { dependencies: { c: '1' } },
      'node_modules/c': {},
      'node_modules/unused': {},
    },
  };
  assert.deepEqual(closeOver(['a'], lock), ['node_modules/a', 'node_modules/a/node_modules/b', 'node_modules/c']);
});
