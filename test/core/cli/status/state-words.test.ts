import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stateWords } from '#core/cli/status/state-words.ts';
import { tunnelStates } from '#core/tunnel/tunnel-state.ts';

test('every state of a tunnel has words of its own', () => {
  const words = tunnelStates.map((state) => stateWords[state]);
  assert.ok(words.every((word) => word.length > 0));
  assert.equal(new Set(words).size, tunnelStates.length);
});
