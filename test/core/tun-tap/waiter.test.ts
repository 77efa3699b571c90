/**
 * The native wait: wake-ups across threads, tokens, errors.
 * @module
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { SendRow } from '#core/datapath/ports.ts';
import { loadNative } from '#core/host/linux/native.ts';
import { missingForNative } from '#test/support/native-package.ts';

const skip = missingForNative() ?? false;
const loopback = new Uint8Array([127, 0, 0, 1]);

test('a wake-up from another thread ends a wait that has no time limit', { skip }, async () => {
  const native = loadNative();
  const waiter = native.createWaiter();
  const script = `
    const { workerData } = require('node:worker_threads');
    setTimeout(() => require(workerData.loader).wake(workerData.waiter), 50);`;
  const loader = new URL('../../../core/tun-tap/load.cjs', import.meta.url).pathname;
  const worker = new Worker(script, { eval: true, workerData: { waiter, loader } });
  const exited = once(worker, 'exit');
  await once(worker, 'online');
  const tokens = new Int32Array(4);
  assert.equal(native.wait(waiter, -1, tokens), 1);
  assert.equal(tokens[0], -1);
  assert.equal(native.wait(waiter, 0, tokens), 0, 'the wake-up is used up');
  await exited;
  native.closeWaiter(waiter);
});

test('a worker that waits is ended by a wake-up from the main thread', { skip }, async () => {
  const native = loadNative();
  const waiter = native.createWaiter();
  const script = `
    const { workerData, parentPort } = require('node:worker_threads');
    const native = require(workerData.loader);
    parentPort.postMessage('waiting');
    const tokens = new Int32Array(4);
    parentPort.postMessage([native.wait(workerData.waiter, -1, tokens), tokens[0]]);`;
  const loader = new URL('../../../core/tun-tap/load.cjs', import.meta.url).pathname;
  const worker = new Worker(script, { eval: true, workerData: { waiter, loader } });
  assert.deepEqual(await once(worker, 'message'), ['waiting']);
  // The report and the exit may come in one turn: listen for both before.
  const reported = once(worker, 'message');
  const exited = once(worker, 'exit');
  native.wake(waiter);
  assert.deepEqual(await reported, [[1, -1]]);
  await exited;
  native.closeWaiter(waiter);
});

test('a readable socket is reported by its token until it is removed', { skip }, () => {
  const native = loadNative();
  const waiter = native.createWaiter();
  const { fd, port } = native.openUdpSocket(4, loopback, 0);
  const tokens = new Int32Array(4);
  native.addToWaiter(waiter, fd, 42);
  assert.equal(native.wait(waiter, 0, tokens), 0);
  const address = new Uint8Array([127, 0, 0, 1, ...new Array<number>(12).fill(0), port >> 8, port & 255, 4, 0]);
  const row = new Int32Array(SendRow.stride);
  row[SendRow.socket] = fd;
  row[SendRow.length] = 5;
  row[SendRow.segmentBytes] = 5;
  row[SendRow.ttl] = 64;
  native.send(row, 1, new Uint8Array(5), address);
  for (let round = 0; round < 2; round++) {
    assert.equal(native.wait(waiter, 1000, tokens), 1);
    assert.equal(tokens[0], 42);
  }
  native.removeFromWaiter(waiter, fd);
  assert.equal(native.wait(waiter, 0, tokens), 0);
  native.closeDescriptor(fd);
  native.closeWaiter(waiter);
});

test('a waiter that is closed, and a descriptor that it does not know, are errors with an errno', { skip }, () => {
  const native = loadNative();
  const waiter = native.createWaiter();
  const badWaiter = { code: 'EBADF', errno: 9 };
  assert.throws(() => native.removeFromWaiter(waiter, 99_999), badWaiter);
  assert.throws(() => native.addToWaiter(waiter, 0, -1), { code: 'EINVAL', errno: 22 });
  assert.throws(() => native.wait(waiter, 0, new Int32Array(0)), { code: 'EINVAL' });
  native.closeWaiter(waiter);
  assert.throws(() => native.wake(waiter), { ...badWaiter, message: `waking waiter ${waiter}: Bad file descriptor` });
  assert.throws(() => native.closeWaiter(waiter), badWaiter);
});
