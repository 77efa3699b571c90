import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it, test } from 'node:test';
import { missingForNative } from '#test/support/native-package.ts';
import { BulkTurns, type OwnThread, type ThreadTimes } from '#core/host/linux/bulk-turns.ts';
import { loadNative, NativeThread } from '#core/host/linux/native.ts';

/** A thread whose times a test moves on, at a clock of its own. */
class FakeThread implements OwnThread {
  times_: ThreadTimes | null = { ranMs: 0, waitedMs: 0, turns: 0 };
  now = 1000;
  looks = 0;
  readonly told: boolean[] = [];
  isOurs = true;

  times(): ThreadTimes | null {
    this.looks++;
    return this.times_;
  }

  setBatch(isBatch: boolean): boolean {
    this.told.push(isBatch);
    return this.isOurs;
  }

  /** Let time pass, of which the thread ran a share in so many turns, each late by so much. */
  pass(ms: number, { share, turns = 100, lateMs = 0 }: { share: number; turns?: number; lateMs?: number }): void {
    const { ranMs, waitedMs, turns: before } = this.times_ ?? { ranMs: 0, waitedMs: 0, turns: 0 };
    this.now += ms;
    this.times_ = { ranMs: ranMs + ms * share, waitedMs: waitedMs + turns * lateMs, turns: before + turns };
  }
}

function begin(): { thread: FakeThread; wakeAfter: (ms: number, what: Parameters<FakeThread['pass']>[1]) => void } {
  const thread = new FakeThread();
  const turns = new BulkTurns(thread);
  turns.woke(thread.now);
  const wakeAfter: ReturnType<typeof begin>['wakeAfter'] = (ms, what) => {
    thread.pass(ms, what);
    turns.woke(thread.now);
  };
  return { thread, wakeAfter };
}

describe('the turns of a worker', () => {
  it('interrupt others while little is carried', () => {
    const { thread, wakeAfter } = begin();
    for (let count = 0; count < 20; count++) wakeAfter(300, { share: 0.25 });
    assert.deepEqual(thread.told, []);
  });

  it('interrupt nobody from much on, until it is little', () => {
    const { thread, wakeAfter } = begin();
    wakeAfter(300, { share: 0.5 });
    assert.deepEqual(thread.told, [true]);
    for (let count = 0; count < 5; count++) wakeAfter(300, { share: 0.2 });
    assert.deepEqual(thread.told, [true], 'between the two bounds all stays');
    wakeAfter(300, { share: 0.1 });
    assert.deepEqual(thread.told, [true, false]);
  });

  it('interrupt again at the first packet after a pause', () => {
    const { thread, wakeAfter } = begin();
    wakeAfter(300, { share: 0.9 });
    wakeAfter(60_000, { share: 0, turns: 1 });
    assert.deepEqual(thread.told, [true, false]);
  });

  it('interrupt others for ten seconds when these make them late', () => {
    const { thread, wakeAfter } = begin();
    wakeAfter(300, { share: 0.9, lateMs: 6 });
    assert.deepEqual(thread.told, [true], 'before it was polite, lateness was not its doing');
    wakeAfter(300, { share: 0.5, lateMs: 6 });
    assert.deepEqual(thread.told, [true, false]);
    for (let count = 0; count < 9; count++) wakeAfter(1000, { share: 0.9 });
    assert.deepEqual(thread.told, [true, false]);
    wakeAfter(1100, { share: 0.9 });
    assert.deepEqual(thread.told, [true, false, true]);
  });

  it('are looked at four times a second at most', () => {
    const { thread, wakeAfter } = begin();
    const before = thread.looks;
    for (let count = 0; count < 1000; count++) wakeAfter(1, { share: 0.9, turns: 1 });
    assert.equal(thread.looks - before, 4);
  });

  it('stay as somebody chose them, and are asked for no more', () => {
    const { thread, wakeAfter } = begin();
    thread.isOurs = false;
    wakeAfter(300, { share: 0.9 });
    const { looks } = thread;
    for (let count = 0; count < 5; count++) wakeAfter(300, { share: count % 2 });
    assert.deepEqual(thread.told, [true]);
    assert.equal(thread.looks, looks);
  });

  it('stay as they are where the system keeps no times', () => {
    const thread = new FakeThread();
    thread.times_ = null;
    const turns = new BulkTurns(thread);
    turns.woke(5000);
    assert.deepEqual([thread.told, thread.looks], [[], 1]);
  });
});

test('a thread is told of its times and of its policy by the system', { skip: missingForNative() ?? false }, () => {
  const thread = new NativeThread(loadNative());
  const turns = thread.times()?.turns;
  assert.ok(turns === undefined || turns > 0);
  assert.equal(thread.setBatch(true), true);
  assert.equal(readPolicy(), 3, 'SCHED_BATCH');
  assert.equal(thread.setBatch(false), true);
  assert.equal(readPolicy(), 0, 'SCHED_OTHER');
});

/** Field 41 of proc_pid_stat(5). */
function readPolicy(): number {
  const line = readFileSync('/proc/thread-self/stat', 'utf8');
  return Number(line.slice(line.lastIndexOf(')') + 2).split(' ')[41 - 3]);
}
