import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSwanctl } from '#core/profile/import/swanctl-tree.ts';

test('sections, values, quotes and comments keep their lines', () => {
  const { root, badLines } = parseSwanctl('a {\n  b = "x # y" # z\n  c { d = 1 }\n}\n}\nnonsense\n');
  const [a] = root.sections;
  assert.deepEqual(a?.body.values, [{ key: 'b', value: 'x # y', line: 2 }]);
  assert.deepEqual(a.body.sections[0]?.body.values, [{ key: 'd', value: '1', line: 3 }]);
  assert.deepEqual(badLines, [5, 6]);
});
