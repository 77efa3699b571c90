/**
 * Tests of build/test/summary.ts.
 * @module
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { summarizeTests } from '#build/test/summary.ts';

const passing = '✔ holds (1ms)\n﹣ sends packets (0.1ms) # needs root\nℹ tests 2\nℹ pass 1\nℹ fail 0\nℹ skipped 1\n';

test('a run of node --test becomes its counts and the reasons of what was skipped', () => {
  assert.deepEqual(summarizeTests(passing).note, '2 tests, 1 skipped (needs root)');
});

test('only the failures are shown of a run that failed', () => {
  const output = `${passing}\n✖ failing tests:\n\n✖ breaks\n`;
  assert.equal(summarizeTests(output).failures, '✖ failing tests:\n\n✖ breaks\n');
});

test('the output of another program is shown whole', () => {
  assert.deepEqual(summarizeTests('error: unused variable\n'), { note: '', failures: 'error: unused variable\n' });
});
