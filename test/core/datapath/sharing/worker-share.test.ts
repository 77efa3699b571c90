import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { WorkerShare } from '#core/datapath/sharing/worker-share.ts';
import { makeAssociation, makeInterface, makeSnapshot, tokens } from '#test/support/test-datapath.ts';

const siblingOf = (token: number, index: number): number => (index === 0 ? token : token * 100 + index);

test('each worker has its own queue, and the first one what time brings', () => {
  const snapshot = makeSnapshot({ interfaces: [makeInterface({ keepalives: true, dummiesPerSecond: 5 })] });
  const rows = [0, 1, 2].map(
    (index) => new WorkerShare({ index, count: 3 }, siblingOf).outbound(snapshot).interfaces[0],
  );
  assert.deepEqual(
    rows.map((row) => row && [row.tun, row.keepalives, row.dummiesPerSecond]),
    [
      [tokens.tun, true, 5],
      [tokens.tun * 100 + 1, false, 0],
      [tokens.tun * 100 + 2, false, 0],
    ],
  );
});

test('a device or a port that has no descriptor for a worker is none of its own', () => {
  const share = new WorkerShare({ index: 1, count: 2 }, () => -1);
  const snapshot = makeSnapshot({});
  assert.deepEqual(share.outbound(snapshot).interfaces, []);
  assert.deepEqual(share.inbound(snapshot).sockets, []);
  assert.equal(new WorkerShare({ index: 0, count: 2 }, siblingOf).inbound(snapshot).sockets.length, 6);
});

test('no high word of IVs is of two workers, and each is of one', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 16 }), fc.uniqueArray(fc.nat(0xffffffff)), (count, ivHighs) => {
      const snapshot = makeSnapshot({ outbound: [makeAssociation({ ivHighs })] });
      const shares = Array.from({ length: count }, (_, index) => {
        return new WorkerShare({ index, count }, siblingOf).outbound(snapshot).outbound[0]?.ivHighs ?? [];
      });
      assert.deepEqual(shares.flat().sort(), [...ivHighs].sort());
    }),
  );
});

test('consecutive high words, as they are reserved, give each worker one', () => {
  for (const first of [0, 7, 0xfffffff0]) {
    const ivHighs = Array.from({ length: 4 }, (_, index) => first + index);
    const snapshot = makeSnapshot({ outbound: [makeAssociation({ ivHighs })] });
    for (let index = 0; index < 4; index++) {
      const share = new WorkerShare({ index, count: 4 }, siblingOf).outbound(snapshot);
      assert.equal(share.outbound[0]?.ivHighs.length, 1);
    }
  }
});

test('a row that a snapshot repeats is the same row again', () => {
  const share = new WorkerShare({ index: 1, count: 2 }, siblingOf);
  const snapshot = makeSnapshot({ outbound: [makeAssociation()] });
  const [first, second] = [share.outbound(snapshot), share.outbound({ ...snapshot, version: 2 })];
  assert.equal(first.interfaces[0], second.interfaces[0]);
  assert.equal(first.outbound[0], second.outbound[0]);
});
