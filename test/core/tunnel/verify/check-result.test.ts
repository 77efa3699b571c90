/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failed, passed, skipped, unknown } from '#core/tunnel/verify/check-result.ts';

test('only what is wrong or cannot be told has a meaning, and only what can be mended a remedy', () => {
  assert.deepEqual(
    [passed('e'), skipped('e')].map(({ meaning, remedy }) => meaning + remedy),
    ['', ''],
  );
  assert.deepEqual(failed('e', 'm', 'r'), { state: 'failed', evidence: 'e', meaning: 'm', remedy: 'r' });
  assert.deepEqual(unknown('e', 'm'), { state: 'unknown', evidence: 'e', meaning: 'm', remedy: '' });
});
