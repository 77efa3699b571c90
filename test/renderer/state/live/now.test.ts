import assert from 'node:assert/strict';
import { test } from 'node:test';
import { helperTime } from '#renderer/state/live/now.ts';

const source = { measuredMs: 5000, aheadMs: -300 };

test('while the helper is there its time goes on with the page’s', () => {
  const link = { state: 'connected' } as const;
  assert.equal(helperTime({ ...source, link }, 9000), 8700);
  assert.equal(helperTime({ ...source, link }, 10_000), 9700);
});

test('while it is away its time stands where something was last known', () => {
  for (const state of ['connecting', 'absent', 'denied', 'mismatch'] as const) {
    assert.equal(helperTime({ ...source, link: { state } }, 9000), 4700, state);
    assert.equal(helperTime({ ...source, link: { state } }, 99_000), 4700, state);
  }
});
