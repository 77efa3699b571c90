/**
 * What a worker waits for, over a recording waiter: exact sets, and descriptors that keep failing.
 * @module
 */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { fakeNative } from '#test/support/fake-native.ts';
import { WaitSet } from '#core/host/linux/wait-set.ts';

const EAGAIN = 11;
const EBADFD = 77;

let watched: Set<number>;
const now = 1_700_000_000_000;
let rested: number[][];
let set: WaitSet;
let waits: number[];

beforeEach(() => {
  watched = new Set();
  rested = [];
  waits = [];
  const native = fakeNative({
    wait(waiter, timeoutMs) {
      assert.equal(waiter, 3);
      waits.push(timeoutMs);
      return 0;
    },
    addToWaiter(waiter, fd, token) {
      assert.deepEqual([waiter, fd, watched.has(fd)], [3, token, false]);
      watched.add(fd);
    },
    removeFromWaiter(_waiter, fd) {
      assert.ok(watched.delete(fd), `${fd} was watched`);
    },
  });
  set = new WaitSet(native, 3, { now: () => now }, (token, errno) => rested.push([token, errno]));
});

function fail(token: number, times: number): void {
  for (let count = 0; count < times; count++) set.report(token, -EBADFD);
}

test('exactly the tokens given last are watched', () => {
  set.replace([1, 2, 3]);
  set.replace([3, 4, 4]);
  assert.deepEqual([...watched].sort(), [3, 4]);
  set.replace([]);
  assert.equal(watched.size, 0);
});

test('a descriptor that fails 16 times in a row is set aside for a second, and said once', () => {
  set.replace([1, 2]);
  fail(1, 16);
  assert.deepEqual([...watched], [2]);
  assert.deepEqual(rested, [[1, EBADFD]]);
  set.recall(now);
  assert.deepEqual([...watched], [2]);
  set.recall(now + 1001);
  assert.deepEqual([...watched].sort(), [1, 2]);
  fail(1, 1);
  assert.deepEqual([...watched], [2], 'one more failure is enough');
  assert.equal(rested.length, 1);
});

test('a wait is as long as was asked for, whole milliseconds, and never for ever', () => {
  set.replace([1]);
  set.wait(2.2);
  set.wait(5000);
  set.wait(Infinity);
  assert.deepEqual(waits, [3, 5000, 10_000]);
});

test('what rests is not slept over', () => {
  set.replace([1, 2]);
  fail(1, 16);
  set.wait(Infinity);
  set.wait(300);
  set.recall(now + 1001);
  set.wait(Infinity);
  assert.deepEqual(waits, [1000, 300, 10_000]);
});

test('a success in between, but not an empty read, forgives earlier failures', () => {
  set.replace([1]);
  fail(1, 15);
  set.report(1, 4);
  fail(1, 15);
  assert.ok(watched.has(1));
  set.report(1, -EAGAIN);
  fail(1, 1);
  assert.ok(!watched.has(1));
});

test('a resting descriptor that is no longer wanted does not come back', () => {
  set.replace([1]);
  fail(1, 16);
  set.replace([]);
  set.recall(now + 5000);
  assert.equal(watched.size, 0);
  set.replace([1]);
  fail(1, 15);
  assert.ok(watched.has(1), 'a new descriptor of the same number starts afresh');
});

test('reports about descriptors that are not watched change nothing', () => {
  set.replace([1]);
  fail(9, 20);
  assert.deepEqual([[...watched], rested], [[1], []]);
});

test('a wake-up is known by its token, and a wait that ends with nothing may be one', () => {
  set.ready.set([5, -1, 6]);
  assert.deepEqual([set.wasWoken(1), set.wasWoken(2), set.wasWoken(3), set.wasWoken(0)], [false, true, true, true]);
});
