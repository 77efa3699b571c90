/** @module */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Movement, movementMemory } from '#core/datapath/sharing/movement.ts';

function pair(): { worker: Movement; watcher: Movement } {
  const memory = movementMemory();
  return { worker: new Movement(memory), watcher: new Movement(memory) };
}

test('what has moved since the last question is told once', () => {
  const { worker, watcher } = pair();
  assert.equal(watcher.take(), false);
  worker.note();
  worker.note();
  assert.equal(watcher.take(), true);
  assert.equal(watcher.take(), false);
});

test('a worker tells the first movement after somebody began to wait, and no other', () => {
  const { worker, watcher } = pair();
  assert.equal(worker.note(), false);
  assert.equal(watcher.take(), true);
  assert.equal(watcher.awaitNext(), true);
  assert.equal(worker.note(), true);
  assert.equal(worker.note(), false);
  assert.equal(watcher.take(), true);
});

test('who asks to wait after something has moved is told so, for nobody will call', () => {
  const { worker, watcher } = pair();
  watcher.take();
  worker.note();
  assert.equal(watcher.awaitNext(), false);
  assert.equal(watcher.take(), true, 'and it is still to be seen');
});

test('who has stopped waiting is not called', () => {
  const { worker, watcher } = pair();
  watcher.awaitNext();
  assert.equal(watcher.take(), false);
  assert.equal(worker.note(), false);
});
