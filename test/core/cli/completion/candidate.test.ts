/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anyFile, either, nothing, printCompletion, wordsOf } from '#core/cli/completion/candidate.ts';

test('only what begins with what is written is offered, and files unless that is an option', () => {
  const both = either(wordsOf(['-up', 'up', 'down'], 'word'), anyFile, nothing);
  assert.equal(printCompletion(both, ''), '-up\tword\nup\tword\ndown\tword\n:files\n');
  assert.equal(printCompletion(both, 'u'), 'up\tword\n:files\n');
  assert.equal(printCompletion(both, '-'), '-up\tword\n');
});
