import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ReqidCounter } from '#core/spd/reqid-counter.ts';

test('draws 16385 first, and 16384 after 65535 (key.c: key_newreqid)', () => {
  const counter = new ReqidCounter();
  const drawn = Array.from({ length: 65535 - 16385 + 3 }, () => counter.draw());
  assert.deepEqual(drawn.slice(0, 2), [16385, 16386]);
  assert.deepEqual(drawn.slice(-3), [65535, 16384, 16385]);
});
