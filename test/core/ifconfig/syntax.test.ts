/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ifconfigWords, userFlags } from '#core/ifconfig/syntax.ts';

test('each word stands once, and each flag has a word that clears it', () => {
  assert.equal(new Set(ifconfigWords).size, ifconfigWords.length);
  for (const flag of userFlags) assert.ok(ifconfigWords.includes(flag) && ifconfigWords.includes(`-${flag}`), flag);
});
