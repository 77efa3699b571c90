/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkIds } from '#core/tunnel/verify/check-registry.ts';
import { judge } from '#core/tunnel/verify/verify-tunnel.ts';
import { workingFacts } from '#test/support/verify-facts.ts';

test('all checks are made, in order', async () => {
  const results = judge(await workingFacts());
  assert.deepEqual(
    results.map(({ id }) => id),
    checkIds,
  );
  assert.ok(results.every(({ state, meaning, remedy }) => state === 'passed' && meaning === '' && remedy === ''));
});

test('what stands on a check that failed is skipped and says which; what does not is judged by itself', async () => {
  const results = judge(await workingFacts({ associations: [], addresses: [] }));
  const stateOf = new Map(results.map(({ id, state, evidence }) => [id, `${state}: ${evidence}`]));
  assert.match(stateOf.get('keys') ?? '', /^failed/);
  assert.equal(stateOf.get('sent'), 'skipped: "There are keys for both directions" failed.');
  assert.match(stateOf.get('inner-route') ?? '', /^passed/);
});
