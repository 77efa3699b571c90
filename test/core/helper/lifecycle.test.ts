/**
 * How culvertd cleans up: order, failures, and once.
 * @module
 */
import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { silentLog } from '#core/base/port.ts';
import { Lifecycle } from '#core/helper/lifecycle.ts';

/** A lifecycle whose end is noted instead of happening. */
function observed() {
  const exits: number[] = [];
  const lines: string[] = [];
  const log = { ...silentLog, error: (message: string) => lines.push(message) };
  return { lifecycle: new Lifecycle(log, (code) => exits.push(code)), exits, lines };
}

test('steps are undone newest first, once, and the process exits with the code', async () => {
  const { lifecycle, exits } = observed();
  const undone: string[] = [];
  lifecycle.onStop('socket', () => void undone.push('socket'));
  lifecycle.onStop('device', async () => {
    await Promise.resolve();
    undone.push('device');
  });
  await Promise.all([lifecycle.stop(0), lifecycle.stop(1)]);
  assert.deepEqual(undone, ['device', 'socket']);
  assert.deepEqual(exits, [0]);
});

test('steps are told whether culvertd was to end or cannot go on', async () => {
  for (const [exitCode, reason] of [
    [0, 'ordered'],
    [1, 'failure'],
  ] as const) {
    const { lifecycle } = observed();
    const reasons: string[] = [];
    lifecycle.onStop('device', (given) => void reasons.push(given));
    await lifecycle.stop(exitCode);
    assert.deepEqual(reasons, [reason]);
  }
});

test('a step that fails is named, does not keep the others from running, and makes the exit status 1', async () => {
  const { lifecycle, exits, lines } = observed();
  const undone: string[] = [];
  lifecycle.onStop('socket', () => void undone.push('socket'));
  lifecycle.onStop('the device', () => Promise.reject(new Error('no')));
  await lifecycle.stop(0);
  assert.deepEqual([undone, exits, lines], [['socket'], [1], ['could not remove the device']]);
});

test('an error that nobody expected is logged, cleaned up after, and exits with 1', async () => {
  const { lifecycle, exits, lines } = observed();
  let isUndone = false;
  lifecycle.onStop('socket', () => void (isUndone = true));
  lifecycle.fail('a worker died', new Error('x'));
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual([isUndone, exits, lines], [true, [1], ['a worker died']]);
});

test('the first signal cleans up, the second ends the process at once', async () => {
  const { lifecycle, exits } = observed();
  const process = new EventEmitter();
  lifecycle.attach(process);
  lifecycle.onStop('something that hangs', () => new Promise<void>((resolve) => setTimeout(resolve, 50)));
  process.emit('SIGTERM');
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(exits, []);
  process.emit('SIGINT');
  assert.deepEqual(exits, [1]);
  await new Promise((resolve) => setTimeout(resolve, 80));
});

test('an uncaught exception or rejection cleans up and exits with 1', async () => {
  for (const event of ['uncaughtException', 'unhandledRejection']) {
    const { lifecycle, exits, lines } = observed();
    const process = new EventEmitter();
    lifecycle.attach(process);
    process.emit(event, new Error('x'));
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual([exits, lines.length], [[1], 1]);
  }
});
